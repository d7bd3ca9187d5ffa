using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;

namespace Tributary.Intelligence.Decisions.Counterfactuals;

/// <summary>
/// Asks what would have let a payment pass, rules included: the decision is taken again with changed values, by the same policy, model and lists.
/// (<see cref="CounterfactualSearch"/> asks about the score alone.)
/// </summary>
public static class VerdictCounterfactuals
{
    private const int Probes = 256;
    private const int BisectionSteps = 40;

    /// <summary>For each numeric action that is enough by itself, the change nearest to the value that it was.</summary>
    /// <param name="decision">The decision; one that allows gives nothing.</param>
    /// <param name="actions">What a person could change.</param>
    /// <param name="coupled">Facts that change with a feature.</param>
    public static ImmutableArray<VerdictCounterfactual> Find(AnalystDecision decision, IEnumerable<ActionableFeature> actions, IReadOnlyList<CoupledFact> coupled)
    {
        var found = ImmutableArray.CreateBuilder<VerdictCounterfactual>();
        if (decision.Verdict == Verdict.Allow)
            return [];
        foreach (var action in actions)
        {
            var index = decision.Setup.Schema.Features.IndexOf(action.Feature);
            if (index < 0 || decision.Setup.Schema.Features.Kinds[index] != FeatureKind.Numeric)
                continue;
            var trial = new Trial(decision, index, coupled);
            var nearest = new[] { trial.Towards(action.Least, action.Direction != ActionDirection.Higher), trial.Towards(action.Greatest, action.Direction != ActionDirection.Lower) }
                .Where(static value => value is not null)
                .MinBy(value => Math.Abs(value!.Value - decision.Entry.Features[index]));
            if (nearest is { } value && trial.Decide(value) is var (verdict, score) && verdict == Verdict.Allow)
                found.Add(new VerdictCounterfactual(action.Feature, decision.Entry.Features[index], value, verdict, score));
        }

        return found.ToImmutable();
    }

    /// <summary>Takes the decision again with one feature changed.</summary>
    private sealed class Trial
    {
        private readonly AnalystDecision _decision;
        private readonly int _feature;
        private readonly float[] _features;
        private readonly FactValue[] _facts;
        private readonly List<(int Fact, decimal Scale)> _coupled = [];

        public Trial(AnalystDecision decision, int feature, IReadOnlyList<CoupledFact> coupled)
        {
            _decision = decision;
            _feature = feature;
            _features = [.. decision.Entry.Features];
            _facts = [.. decision.Entry.Facts];
            var schema = decision.Setup.Schema;
            foreach (var (name, fact) in coupled)
            {
                if (name.Equals(schema.Features.Names[feature], StringComparison.Ordinal) && schema.Find(fact) is { Source: AttributeSource.Fact, Type.Kind: PolicyTypeKind.Fixed } attribute)
                    _coupled.Add((attribute.Index, (decimal)Math.Pow(10, attribute.Type.Decimals)));
            }
        }

        public (Verdict Verdict, double Score) Decide(float value)
        {
            _features[_feature] = value;
            foreach (var (fact, scale) in _coupled)
                _facts[fact] = Math.Abs(value) < 1e12f ? FactValue.Of((long)Math.Round((decimal)value * scale)) : FactValue.Missing;
            var parts = _decision.Setup.Parts;
            var score = parts.Model is { } model ? model.Model.Score(_features) : double.NaN;
            var facts = new PolicyFacts(_features, _facts, double.IsFinite(score) ? score : double.NaN, parts.Lists);
            var mayDecide = !_decision.Entry.Notes.HasFlag(DecisionNotes.ColdStart);
            return (parts.Policy.Evaluate(_decision.Entry.Point, facts, mayDecide).Verdict, score);
        }

        // Probes at growing distances find the first value that passes; bisection then draws it back as near as it goes.
        public float? Towards(float limit, bool isWanted)
        {
            var start = _decision.Entry.Features[_feature];
            if (!isWanted || !float.IsFinite(start) || limit == start)
                return null;
            var end = Math.Clamp((double)limit, -1e15, 1e15);
            double refused = start;
            for (var probe = 1; probe <= Probes; probe++)
            {
                var share = (double)probe / Probes;
                var value = (float)(start + ((end - start) * share * share));
                if (Decide(value).Verdict != Verdict.Allow)
                {
                    refused = value;
                    continue;
                }

                double passed = value;
                for (var step = 0; step < BisectionSteps; step++)
                {
                    var middle = (float)((refused + passed) / 2);
                    if (middle == (float)refused || middle == (float)passed)
                        break;
                    if (Decide(middle).Verdict == Verdict.Allow)
                        passed = middle;
                    else
                        refused = middle;
                }

                return (float)passed;
            }

            return null;
        }
    }
}
