using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>Something that a journal keeps. Nothing is ever changed: what turns out otherwise is a later entry.</summary>
public abstract record JournalEntry
{
    /// <summary>What it is.</summary>
    public abstract EntryKind Kind { get; }

    /// <summary>The version of the body's layout.</summary>
    internal virtual byte Version => 1;

    internal abstract void WriteBody(ByteWriter writer);
}
