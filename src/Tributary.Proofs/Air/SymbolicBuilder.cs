namespace Tributary.Proofs.Air;

/// <summary>Records what an AIR states.</summary>
internal readonly struct SymbolicBuilder(IAir air) : IAirBuilder<SymbolicValue>
{
    public List<SymbolicNode> Constraints { get; } = [];

    public List<InteractionShape> Interactions { get; } = [];

    public SymbolicValue IsFirstRow => Leaf(SymbolicKind.IsFirstRow, 0);

    public SymbolicValue IsLastRow => Leaf(SymbolicKind.IsLastRow, 0);

    public SymbolicValue IsTransition => Leaf(SymbolicKind.IsTransition, 0);

    public SymbolicValue Main(int column) => Cell(SymbolicKind.Main, column, air.Width);

    public SymbolicValue Next(int column) => Cell(SymbolicKind.Next, column, air.Width);

    public SymbolicValue Preprocessed(int column) => Cell(SymbolicKind.Preprocessed, column, air.PreprocessedWidth);

    public SymbolicValue PreprocessedNext(int column) => Cell(SymbolicKind.PreprocessedNext, column, air.PreprocessedWidth);

    public SymbolicValue Public(int index) => Cell(SymbolicKind.Public, index, air.PublicCount);

    public void AssertZero(SymbolicValue value) => Constraints.Add(value.Node);

    public void Send(Bus bus, SymbolicValue multiplicity, scoped ReadOnlySpan<SymbolicValue> message) => Record(bus, isSend: true, multiplicity, message);

    public void Receive(Bus bus, SymbolicValue multiplicity, scoped ReadOnlySpan<SymbolicValue> message) => Record(bus, isSend: false, multiplicity, message);

    private void Record(Bus bus, bool isSend, SymbolicValue multiplicity, scoped ReadOnlySpan<SymbolicValue> message)
    {
        if (message.Length != bus.Width)
            throw new InvalidOperationException($"{air.Name}: a message of {message.Length} elements on bus {bus.Name} of width {bus.Width}.");
        Interactions.Add(new InteractionShape(bus, isSend, multiplicity.Node, [.. message.ToArray().Select(value => value.Node)]));
    }

    private SymbolicValue Cell(SymbolicKind kind, int index, int count)
    {
        if ((uint)index >= (uint)count)
            throw new InvalidOperationException($"{air.Name}: {kind} {index} of {count}.");
        return Leaf(kind, index);
    }

    private static SymbolicValue Leaf(SymbolicKind kind, int index) => new(SymbolicNode.Leaf(kind, index));
}
