using System.Runtime.CompilerServices;

namespace Tributary.Finance.State;

/// <summary>
/// The state of the engine: leaves of a fixed set of kinds. It is changed in place and keeps a journal, so that an operation, a batch or any run of
/// them is undone at the price of what it changed. One owner; not for several threads at once.
/// </summary>
public sealed class FinanceState
{
    internal const int KindLimit = 16;

    private readonly LeafStore?[] _stores = new LeafStore?[KindLimit];
    private long _generation;

    /// <summary>A state without leaves that has room for these kinds.</summary>
    public FinanceState(IEnumerable<LeafType> types)
    {
        Types = [.. types.OrderBy(static type => type.Kind)];
        foreach (var type in Types)
        {
            ref var store = ref _stores[(int)type.Kind];
            store = store is null ? type.CreateStore() : throw new ArgumentException($"Two kinds of leaf share the number {type.Kind}.", nameof(types));
        }
    }

    /// <summary>The kinds of leaf, by number.</summary>
    public IReadOnlyList<LeafType> Types { get; }

    /// <summary>Leaves of all kinds.</summary>
    public int Count => Types.Sum(type => _stores[(int)type.Kind]!.Count);

    /// <summary>Who is told of accesses; nobody where null. What is undone, loaded or read as bytes is no access.</summary>
    public ILeafWatch? Watch { get; set; }

    /// <summary>The leaf at an address; empty where there is none.</summary>
    public T Read<T>(LeafType<T> type, ulong address)
        where T : struct, ILeaf<T>
    {
        Watch?.OnAccess(new LeafKey(type.Kind, address));
        return Store(type)[address];
    }

    /// <summary>The bytes of the leaf at a key; none where it is empty.</summary>
    public byte[] ReadBytes(LeafKey key)
    {
        var store = (int)key.Kind < KindLimit ? _stores[(int)key.Kind] : null;
        return store is null ? throw new ArgumentException($"The state has no leaves of kind {key.Kind}.", nameof(key)) : store.ReadBytes(key.Address);
    }

    /// <summary>Where to come back to.</summary>
    public Checkpoint Mark() => new(_stores, _generation);

    /// <summary>Takes back everything since a mark.</summary>
    public void Undo(in Checkpoint mark)
    {
        Check(mark);
        foreach (var type in Types)
            _stores[(int)type.Kind]!.Undo(mark.Length((int)type.Kind));
    }

    /// <summary>Frees the journal: nothing before this moment can be taken back. Marks taken so far are void.</summary>
    public void Forget()
    {
        _generation++;
        foreach (var type in Types)
            _stores[(int)type.Kind]!.Forget();
    }

    /// <summary>Frees the journal before a mark: it and later ones still hold, nothing before it can be taken back.</summary>
    public void ForgetBefore(in Checkpoint mark)
    {
        Check(mark);
        foreach (var type in Types)
            _stores[(int)type.Kind]!.ForgetBefore(mark.Length((int)type.Kind));
    }

    /// <summary>The leaves that differ from what they were at a mark, with both values, each once and by key.</summary>
    public void ReadChanges(in Checkpoint mark, ILeafSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Check(mark);
        foreach (var type in Types)
            _stores[(int)type.Kind]!.ReadChanges(mark.Length((int)type.Kind), sink);
    }

    /// <summary>Every leaf as a change from nothing, by key.</summary>
    public void ReadAll(ILeafSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        foreach (var type in Types)
            _stores[(int)type.Kind]!.ReadAll(sink);
    }

    /// <summary>The leaf at an address, to be changed in place; valid until the next call for its kind.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref T Touch<T>(LeafType<T> type, ulong address)
        where T : struct, ILeaf<T>
    {
        Watch?.OnAccess(new LeafKey(type.Kind, address));
        return ref Store(type).Touch(address);
    }

    /// <summary>Asks the processor for a leaf that is needed soon; no access.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch<T>(LeafType<T> type, ulong address)
        where T : struct, ILeaf<T> => Store(type).Prefetch(address);

    /// <summary>Adds a leaf that nobody has written yet; false where there is no such kind, the bytes are no leaf, or it has one.</summary>
    public bool TryLoad(LeafKey key, ReadOnlySpan<byte> value) =>
        (int)key.Kind < KindLimit && _stores[(int)key.Kind] is { } store && store.TryLoad(key.Address, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LeafStore<T> Store<T>(LeafType<T> type)
        where T : struct, ILeaf<T> =>
        (LeafStore<T>?)_stores[(int)type.Kind] ?? throw new ArgumentException($"The state has no leaves of kind {type.Kind}.", nameof(type));

    private void Check(in Checkpoint mark)
    {
        if (mark.Generation != _generation)
            throw new InvalidOperationException("The journal since this mark has been forgotten.");
    }
}
