using System.Buffers;
using System.Collections.Immutable;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Decisions;

/// <summary>
/// Takes decisions: score, policy, reasons, within the budget of the decision point. Safe to call from many threads when the source of entropy is.
/// Persist the decision before acting on it: <see cref="JournalledDecisions"/> does both.
/// </summary>
public sealed class DecisionEngine
{
    private readonly TimeProvider _time;
    private readonly IEntropy _entropy;
    private DecisionSetup _setup;

    public DecisionEngine(DecisionSetup setup, TimeProvider time, IEntropy entropy)
    {
        _setup = setup;
        _time = time;
        _entropy = entropy;
    }

    /// <summary>What decides now.</summary>
    public DecisionSetup Setup => Volatile.Read(ref _setup);

    /// <summary>Lets another setup decide from the next decision on.</summary>
    public void Use(DecisionSetup setup) => Volatile.Write(ref _setup, setup);

    /// <summary>
    /// Decides. Refused, with the field: a request that does not fit the schema, or an identity that is no pseudonym. A missing feature, a model that
    /// fails or a budget that is spent is no refusal: the policy says what happens, and the decision's notes say that it did.
    /// </summary>
    public Result<AnalystDecision, Refusal> Decide(in DecisionRequest request)
    {
        var started = request.StartedTimestamp ?? _time.GetTimestamp();
        var setup = Setup;
        if (RequestRules.Check(request, setup.Schema, out var notes) is { } refusal)
            return refusal;

        var (policy, lists) = (setup.Parts.Policy, setup.Parts.Lists);
        var budget = policy.BudgetFor(request.Point);
        var modelMayDecide = setup.ModelMayDecide;
        if (!modelMayDecide)
            notes |= DecisionNotes.ColdStart;

        var score = double.NaN;
        if (!IsSpent(started, budget))
            score = Score(setup.Parts.Model, request.Features, ref notes);
        var facts = new PolicyFacts(request.Features, request.Facts, score, lists);
        PolicyOutcome outcome;
        if (IsSpent(started, budget))
        {
            notes |= DecisionNotes.BudgetSpent;
            var verdict = budget.SpentVerdict;
            outcome = new PolicyOutcome(verdict, Rule: -1, ColdStartRule: -1, UndeterminedRules: 0, FirstUndeterminedRule: -1, verdict, ShadowRule: -1);
        }
        else
        {
            outcome = policy.Evaluate(request.Point, facts, modelMayDecide);
        }

        var (baseValue, reasons) = (double.NaN, ImmutableArray<Contribution>.Empty);
        if (request.WithReasons && setup.Parts.Model?.Explainer is not null && !double.IsNaN(score))
        {
            if (IsSpent(started, budget))
                notes |= DecisionNotes.ReasonsOmitted;
            else
                (baseValue, reasons) = Explain(setup, request.Features, ref notes);
        }

        var latency = _time.GetElapsedTime(started);
        var entry = new DecisionEntry
        {
            Id = DecisionId.New(_entropy),
            At = _time.GetUtcNow(),
            Point = request.Point,
            Rail = request.Rail,
            Schema = setup.SchemaHash,
            Features = ImmutableArray.Create(request.Features),
            Facts = ImmutableArray.Create(request.Facts),
            ListsVersion = lists.Version,
            Model = setup.Parts.Model?.Hash ?? default,
            Score = score,
            Policy = policy.Hash,
            Outcome = outcome,
            Category = CategoryOf(policy, outcome),
            BaseValue = baseValue,
            Reasons = reasons,
            Shadow = ShadowOf(setup, request.Point, facts, modelMayDecide),
            Challenger = ChallengerOf(setup, request.Features, ref notes),
            Notes = notes,
            LatencyMicroseconds = Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond),
        };
        return new AnalystDecision(entry, setup);
    }

    private bool IsSpent(long started, DecisionBudget budget) => _time.GetElapsedTime(started) >= budget.Time;

    private static double Score(ModelInUse? model, ReadOnlySpan<float> features, ref DecisionNotes notes)
    {
        if (model is null)
        {
            notes |= DecisionNotes.NoModel;
            return double.NaN;
        }

        if (TryScore(model, features, out var score))
            return score;
        notes |= DecisionNotes.ModelFault;
        return double.NaN;
    }

    // A model is a component of its own: whatever it throws, a payment gets its decision, and the fault stands in the journal.
    private static bool TryScore(ModelInUse model, ReadOnlySpan<float> features, out double score)
    {
        try
        {
            score = model.Model.Score(features);
            return double.IsFinite(score);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            score = double.NaN;
            return false;
        }
    }

    private static (double BaseValue, ImmutableArray<Contribution> Reasons) Explain(DecisionSetup setup, ReadOnlySpan<float> features, ref DecisionNotes notes)
    {
        var rented = ArrayPool<double>.Shared.Rent(features.Length);
        try
        {
            var contributions = rented.AsSpan(0, features.Length);
            var baseValue = setup.Parts.Model!.Explainer!.Explain(features, contributions);
            return (baseValue, Strongest(contributions, setup.Parts.MaxReasons));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            notes |= DecisionNotes.ExplainerFault;
            return (double.NaN, []);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    // Insertion into a short list: the features are many, the reasons few.
    private static ImmutableArray<Contribution> Strongest(ReadOnlySpan<double> contributions, int most)
    {
        var strongest = new Contribution[most];
        var count = 0;
        for (var feature = 0; feature < contributions.Length && most > 0; feature++)
        {
            var amount = (float)contributions[feature];
            if (amount == 0 || !float.IsFinite(amount) || (count == most && Math.Abs(amount) <= Math.Abs(strongest[^1].Amount)))
                continue;
            var place = count < most ? count++ : most - 1;
            while (place > 0 && Math.Abs(strongest[place - 1].Amount) < Math.Abs(amount))
            {
                strongest[place] = strongest[place - 1];
                place--;
            }

            strongest[place] = new Contribution(feature, amount);
        }

        return ImmutableArray.Create(strongest, 0, count);
    }

    private static PayerCategory CategoryOf(CompiledPolicy policy, PolicyOutcome outcome) =>
        outcome.Rule >= 0 && policy.Rules[outcome.Rule] is { } rule && rule.Verdict == outcome.Verdict ? rule.Category : PayerCategories.Of(outcome.Verdict);

    private static ShadowDecision? ShadowOf(DecisionSetup setup, DecisionPoint point, in PolicyFacts facts, bool modelMayDecide)
    {
        if (setup.Parts.ShadowPolicy is not { } shadow)
            return null;
        var outcome = shadow.Evaluate(point, facts, modelMayDecide);
        return new ShadowDecision(shadow.Hash, outcome.Verdict, outcome.Rule);
    }

    private static ChallengerScore? ChallengerOf(DecisionSetup setup, ReadOnlySpan<float> features, ref DecisionNotes notes)
    {
        if (setup.Parts.Challenger is not { } challenger)
            return null;
        if (TryScore(challenger, features, out var score))
            return new ChallengerScore(challenger.Hash, score);
        notes |= DecisionNotes.ChallengerFault;
        return new ChallengerScore(challenger.Hash, double.NaN);
    }
}
