using Tributary.Intelligence.Policy;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A policy went to shadow, live or out of use.</summary>
/// <param name="Hash">The policy.</param>
/// <param name="To">Where it went.</param>
/// <param name="By">Who moved it.</param>
/// <param name="Why">Their words, or null.</param>
public sealed record PolicyMovedEntry(Bytes32 Hash, PolicyState To, StaffId By, string? Why) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.PolicyMoved;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteBytes32(Hash);
        writer.WriteByte((byte)To);
        writer.WriteText(By.Value);
        writer.WriteOptionalText(Why);
    }

    internal static PolicyMovedEntry Read(ref EntryReader reader) =>
        new(reader.Hash(), (PolicyState)reader.Choice((int)PolicyState.Retired), StaffId.Read(ref reader), reader.OptionalText());
}
