using Tributary.Intelligence.Journal.Labels;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>What became of a decided payment, as one source saw it. Later and contradicting ones are further entries.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="IsBad">True for a bad outcome.</param>
/// <param name="Label">Of which kind.</param>
/// <param name="Source">Who says so.</param>
/// <param name="IsConfirmed">False for a suspicion: only what is confirmed counts towards the end of the cold start.</param>
/// <param name="ObservedAt">When it happened or was seen, which may be long before it is reported.</param>
/// <param name="Reference">The source's own number of the event; a label with the same number and content arrives twice. Empty for none.</param>
public sealed record LabelEntry(
    DecisionId Decision, bool IsBad, LabelKind Label, LabelSource Source, bool IsConfirmed, DateTimeOffset ObservedAt, string Reference) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.Label;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteDecisionId(Decision);
        writer.WriteFlag(IsBad);
        writer.WriteByte((byte)Label);
        writer.WriteByte((byte)Source);
        writer.WriteFlag(IsConfirmed);
        writer.WriteTime(ObservedAt);
        writer.WriteText(Reference);
    }

    internal static LabelEntry Read(ref EntryReader reader) => new(
        reader.DecisionId(),
        reader.Flag(),
        (LabelKind)reader.Choice((int)LabelKind.AnalystVerdict),
        (LabelSource)reader.Choice((int)LabelSource.Contest),
        reader.Flag(),
        reader.Time(),
        reader.Text());
}
