using System.Collections.Immutable;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;

namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>Brings rows of a schema of the past into the order of a policy's schema, by name and type; what the past did not have is missing.</summary>
internal sealed class HistoryMap
{
    private readonly int[] _features;
    private readonly int[] _facts;
    private readonly int _pastFeatures;
    private readonly int _pastFacts;

    public HistoryMap(PolicySchema past, PolicySchema present)
    {
        (_pastFeatures, _pastFacts) = (past.Features.Count, past.Facts.Length);
        _features = [.. present.Features.Names.Select(name => IndexOf(past, present, name, AttributeSource.Feature))];
        _facts = [.. present.Facts.Select(fact => IndexOf(past, present, fact.Name, AttributeSource.Fact))];
        Missing =
        [
            .. present.Features.Names.Where((_, i) => _features[i] < 0),
            .. present.Facts.Where((_, i) => _facts[i] < 0).Select(static fact => fact.Name),
        ];
    }

    /// <summary>Attributes of the present that the past does not have.</summary>
    public ImmutableArray<string> Missing { get; }

    /// <summary>Fills the row; false when the decision does not fit its own schema.</summary>
    public bool TryFill(DecisionEntry decision, Span<float> features, Span<FactValue> facts)
    {
        if (decision.Features.Length != _pastFeatures || decision.Facts.Length != _pastFacts)
            return false;
        for (var i = 0; i < _features.Length; i++)
            features[i] = _features[i] < 0 ? float.NaN : decision.Features[_features[i]];
        for (var i = 0; i < _facts.Length; i++)
            facts[i] = _facts[i] < 0 ? FactValue.Missing : decision.Facts[_facts[i]];
        return true;
    }

    private static int IndexOf(PolicySchema past, PolicySchema present, string name, AttributeSource source)
    {
        var (was, now) = (past.Find(name), present.Find(name)!);
        if (was is null || was.Source != source || was.Type != now.Type)
            return -1;

        // A code means its category: with other categories it means something else.
        var isSame = was.Categories.IsDefault ? now.Categories.IsDefault : !now.Categories.IsDefault && was.Categories.SequenceEqual(now.Categories, StringComparer.Ordinal);
        return isSame ? was.Index : -1;
    }
}
