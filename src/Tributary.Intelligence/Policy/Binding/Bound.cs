using System.Collections.Immutable;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;

namespace Tributary.Intelligence.Policy.Binding;

/// <summary>An expression after type checking: its type, the node that runs it (exactly one is set) and what is known about it.</summary>
/// <param name="Span">Where it was written.</param>
/// <param name="Type">Its type.</param>
internal sealed record Bound(SourceSpan Span, PolicyType Type)
{
    public TruthNode? Truth { get; init; }

    public NumberNode? Number { get; init; }

    public FixedNode? Fixed { get; init; }

    public TextNode? Text { get; init; }

    /// <summary>For a number in the text: its digits, and how many stand behind the point. Takes the type of what it meets.</summary>
    public (long Mantissa, int Decimals)? Literal { get; init; }

    /// <summary>For a text in quotes.</summary>
    public string? TextLiteral { get; init; }

    /// <summary>For a condition that is the same whatever the facts.</summary>
    public bool? Constant { get; init; }

    /// <summary>For a plain attribute.</summary>
    public PolicyAttribute? Attribute { get; init; }

    /// <summary>The attributes that are read.</summary>
    public ImmutableSortedSet<string> Reads { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Levels of nesting, definitions included.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Steps that running takes at most, definitions included.</summary>
    public int Cost { get; init; } = 1;

    public NecessaryRanges Ranges { get; init; } = NecessaryRanges.Unknown;

    public bool ReadsScore => Reads.Contains(PolicySchema.ScoreName);

    /// <summary>Takes over what the parts of an expression add up to.</summary>
    public Bound Over(params ReadOnlySpan<Bound> parts)
    {
        var (depth, cost, reads) = (0, 1, Reads);
        foreach (var part in parts)
        {
            depth = Math.Max(depth, part.Depth);
            cost = Math.Min(int.MaxValue / 2, cost + part.Cost);
            reads = reads.Union(part.Reads);
        }

        return this with { Depth = depth + 1, Cost = cost, Reads = reads };
    }
}
