using System.Collections.Immutable;

namespace Tributary.Intelligence.Policy.Binding;

/// <summary>
/// What must hold of single attributes for a condition to be true. Exact when that is all the condition says; then it can be compared with
/// other conditions, so that a rule behind it that can never be reached is found when the policy is saved.
/// </summary>
internal sealed class NecessaryRanges
{
    private readonly ImmutableDictionary<string, AttributeRange> _ranges;

    private NecessaryRanges(ImmutableDictionary<string, AttributeRange> ranges, bool isExact)
    {
        _ranges = ranges;
        IsExact = isExact;
    }

    /// <summary>Nothing is known.</summary>
    public static NecessaryRanges Unknown { get; } = new(ImmutableDictionary<string, AttributeRange>.Empty.WithComparers(StringComparer.Ordinal), isExact: false);

    public bool IsExact { get; }

    /// <summary>True when no values make the condition true.</summary>
    public bool IsImpossible => _ranges.Values.Any(static range => range.IsEmpty);

    public static NecessaryRanges Of(string attribute, AttributeRange range) => new(Unknown._ranges.Add(attribute, range), isExact: true);

    /// <summary>Both conditions.</summary>
    public NecessaryRanges And(NecessaryRanges other)
    {
        var ranges = _ranges;
        foreach (var (attribute, range) in other._ranges)
            ranges = ranges.SetItem(attribute, ranges.TryGetValue(attribute, out var own) ? own.Intersect(range) : range);
        return new NecessaryRanges(ranges, IsExact && other.IsExact);
    }

    /// <summary>True when whatever makes the other condition true makes this one true.</summary>
    public bool IsImpliedBy(NecessaryRanges other) =>
        IsExact && _ranges.All(pair => other._ranges.TryGetValue(pair.Key, out var range) && pair.Value.Contains(range));
}
