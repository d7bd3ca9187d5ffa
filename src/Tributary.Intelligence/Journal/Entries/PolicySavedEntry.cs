using Tributary.Intelligence.Journal.Format;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A policy was type-checked and saved.</summary>
/// <param name="Hash">SHA-256 of the text.</param>
/// <param name="Schema">The hash of the schema that it was checked against.</param>
/// <param name="Text">The text.</param>
/// <param name="By">Who saved it.</param>
public sealed record PolicySavedEntry(Bytes32 Hash, Bytes32 Schema, string Text, StaffId By) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.PolicySaved;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteBytes32(Hash);
        writer.WriteBytes32(Schema);
        writer.WriteText(Text);
        writer.WriteText(By.Value);
    }

    internal static PolicySavedEntry Read(ref EntryReader reader) =>
        new(reader.Hash(), reader.Hash(), reader.Text(JournalLimits.MaxPolicyBytes), StaffId.Read(ref reader));
}
