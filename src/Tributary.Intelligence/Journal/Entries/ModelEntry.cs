using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A model came into use.</summary>
/// <param name="Hash">SHA-256 of the model's file: what decisions refer to.</param>
/// <param name="Name">What it is called.</param>
/// <param name="IsChallenger">True for a model that only scores beside the one that decides.</param>
/// <param name="By">Who put it in use.</param>
public sealed record ModelEntry(Bytes32 Hash, string Name, bool IsChallenger, StaffId By) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.Model;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteBytes32(Hash);
        writer.WriteText(Name);
        writer.WriteFlag(IsChallenger);
        writer.WriteText(By.Value);
    }

    internal static ModelEntry Read(ref EntryReader reader) => new(reader.Hash(), reader.Text(), reader.Flag(), StaffId.Read(ref reader));
}
