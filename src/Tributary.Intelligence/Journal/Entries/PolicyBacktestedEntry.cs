using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A policy was run over history; what it would have done, in figures.</summary>
/// <param name="Hash">The policy.</param>
/// <param name="Decisions">Decisions of the past that it was run over; zero for a merchant without history.</param>
/// <param name="Labelled">Those of them whose outcome is known.</param>
/// <param name="Changed">Those that it would have decided otherwise.</param>
/// <param name="GoodBlocked">Good payments that it would have blocked.</param>
/// <param name="BadStopped">Bad payments that it would have blocked or held.</param>
/// <param name="By">Who ran it.</param>
public sealed record PolicyBacktestedEntry(Bytes32 Hash, long Decisions, long Labelled, long Changed, long GoodBlocked, long BadStopped, StaffId By) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.PolicyBacktested;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteBytes32(Hash);
        writer.WriteInt64LittleEndian(Decisions);
        writer.WriteInt64LittleEndian(Labelled);
        writer.WriteInt64LittleEndian(Changed);
        writer.WriteInt64LittleEndian(GoodBlocked);
        writer.WriteInt64LittleEndian(BadStopped);
        writer.WriteText(By.Value);
    }

    internal static PolicyBacktestedEntry Read(ref EntryReader reader) =>
        new(reader.Hash(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), reader.Int64(), StaffId.Read(ref reader));
}
