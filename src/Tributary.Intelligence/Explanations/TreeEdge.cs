using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Explanations;

/// <summary>The way from a node to one of its children. The two edges of a node lie side by side, left first, after those above them.</summary>
internal readonly struct TreeEdge
{
    /// <summary>The feature that the node asks about.</summary>
    public required int Feature { get; init; }

    /// <summary>The edge that leads to the node; −1 at the root. Counted from the tree's first edge.</summary>
    public required int Parent { get; init; }

    /// <summary>The nearest edge above of the same feature, or −1.</summary>
    public required int Above { get; init; }

    /// <summary>The share of training rows that go this way, at this node and at those above that ask about the same feature.</summary>
    public required double Share { get; init; }

    /// <summary>The value of the leaf at its end; 0 when a node is there.</summary>
    public required double LeafValue { get; init; }

    /// <summary>Numeric: up to it the node's rows go left.</summary>
    public required float Threshold { get; init; }

    /// <summary>Whether the node sends NaN left.</summary>
    public required bool MissingLeft { get; init; }

    /// <summary>Categorical: what the node sends left; null for a numeric feature.</summary>
    public required CategorySet? Categories { get; init; }
}
