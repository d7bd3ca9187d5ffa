using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>A node of an expression over the cells of a table, with its degree in them.</summary>
public sealed class SymbolicNode
{
    private SymbolicNode(SymbolicKind kind, int degree, int transitions)
    {
        Kind = kind;
        Degree = degree;
        Transitions = transitions;
    }

    public SymbolicKind Kind { get; }

    /// <summary>Degree counted in cells and row selectors: as a polynomial the node has at most Degree·(n − 1) + <see cref="Transitions"/>.</summary>
    public int Degree { get; }

    /// <summary>Factors <see cref="SymbolicKind.IsTransition"/>, each a polynomial of degree one.</summary>
    public int Transitions { get; }

    /// <summary>The column or the public value.</summary>
    public int Index { get; private init; }

    /// <summary>The constant.</summary>
    public KoalaBear Value { get; private init; }

    /// <summary>The operands of an operation.</summary>
    public SymbolicNode? Left { get; private init; }

    /// <summary>The operands of an operation.</summary>
    public SymbolicNode? Right { get; private init; }

    /// <summary>True for the constant zero.</summary>
    public bool IsZero => Kind == SymbolicKind.Constant && Value.IsZero;

    internal static SymbolicNode Constant(KoalaBear value) => new(SymbolicKind.Constant, 0, 0) { Value = value };

    internal static SymbolicNode Leaf(SymbolicKind kind, int index) => kind switch
    {
        SymbolicKind.Public => new SymbolicNode(kind, 0, 0) { Index = index },
        SymbolicKind.IsTransition => new SymbolicNode(kind, 0, 1),
        _ => new SymbolicNode(kind, 1, 0) { Index = index },
    };

    internal static SymbolicNode Combine(SymbolicKind kind, SymbolicNode left, SymbolicNode right) => kind == SymbolicKind.Multiply
        ? new SymbolicNode(kind, left.Degree + right.Degree, left.Transitions + right.Transitions) { Left = left, Right = right }
        : new SymbolicNode(kind, Math.Max(left.Degree, right.Degree), Math.Max(left.Transitions, right.Transitions)) { Left = left, Right = right };
}
