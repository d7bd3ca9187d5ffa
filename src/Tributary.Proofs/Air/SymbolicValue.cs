using Tributary.Proofs.Fields;

namespace Tributary.Proofs.Air;

/// <summary>An expression as an algebra: evaluating an AIR over it yields its constraints as trees. The default value is zero.</summary>
public readonly struct SymbolicValue : IAlgebra<SymbolicValue>
{
    private static readonly SymbolicNode ZeroNode = SymbolicNode.Constant(KoalaBear.Zero);

    private readonly SymbolicNode? _node;

    internal SymbolicValue(SymbolicNode node) => _node = node;

    public static SymbolicValue Zero => default;

    public static SymbolicValue One => FromBase(KoalaBear.One);

    /// <summary>The tree.</summary>
    public SymbolicNode Node => _node ?? ZeroNode;

    public static SymbolicValue FromBase(KoalaBear value) => new(SymbolicNode.Constant(value));

    public static SymbolicValue operator +(SymbolicValue left, SymbolicValue right) => (left.Node, right.Node) switch
    {
        ({ IsZero: true }, _) => right,
        (_, { IsZero: true }) => left,
        ({ Kind: SymbolicKind.Constant } a, { Kind: SymbolicKind.Constant } b) => FromBase(a.Value + b.Value),
        var (a, b) => new SymbolicValue(SymbolicNode.Combine(SymbolicKind.Add, a, b)),
    };

    public static SymbolicValue operator -(SymbolicValue left, SymbolicValue right) => (left.Node, right.Node) switch
    {
        (_, { IsZero: true }) => left,
        ({ Kind: SymbolicKind.Constant } a, { Kind: SymbolicKind.Constant } b) => FromBase(a.Value - b.Value),
        var (a, b) => new SymbolicValue(SymbolicNode.Combine(SymbolicKind.Subtract, a, b)),
    };

    public static SymbolicValue operator -(SymbolicValue value) => Zero - value;

    public static SymbolicValue operator *(SymbolicValue left, SymbolicValue right) => (left.Node, right.Node) switch
    {
        ({ IsZero: true }, _) or (_, { IsZero: true }) => Zero,
        ({ Kind: SymbolicKind.Constant } a, { Kind: SymbolicKind.Constant } b) => FromBase(a.Value * b.Value),
        var (a, b) => new SymbolicValue(SymbolicNode.Combine(SymbolicKind.Multiply, a, b)),
    };
}
