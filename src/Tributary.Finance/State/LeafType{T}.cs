namespace Tributary.Finance.State;

/// <summary>One kind of leaf, with the type of its values.</summary>
public sealed class LeafType<T>(LeafKind kind) : LeafType(kind, T.Length)
    where T : struct, ILeaf<T>
{
    internal override LeafStore CreateStore() => new LeafStore<T>(this);
}
