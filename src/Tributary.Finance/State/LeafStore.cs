namespace Tributary.Finance.State;

/// <summary>All leaves of one kind, and how to take back what was done to them.</summary>
internal abstract class LeafStore
{
    public abstract LeafKind Kind { get; }

    /// <summary>Changes that can be taken back.</summary>
    public abstract int JournalLength { get; }

    /// <summary>Leaves that are not empty.</summary>
    public abstract int Count { get; }

    /// <summary>The bytes of a leaf; none where it is empty.</summary>
    public abstract byte[] ReadBytes(ulong address);

    /// <summary>Takes back changes until so many are left.</summary>
    public abstract void Undo(int journalLength);

    /// <summary>Gives up taking anything back.</summary>
    public abstract void Forget();

    /// <summary>Gives up taking back what was changed before so many changes; later ones can be as ever.</summary>
    public abstract void ForgetBefore(int journalLength);

    /// <summary>Every leaf that the changes from a place on have left different from before, once, by address.</summary>
    public abstract void ReadChanges(int from, ILeafSink sink);

    /// <summary>Every leaf, by address.</summary>
    public abstract void ReadAll(ILeafSink sink);

    /// <summary>Adds a leaf to a new state; false where the bytes are no leaf.</summary>
    public abstract bool TryLoad(ulong address, ReadOnlySpan<byte> value);
}
