using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A payer contests a decision. What they write is kept where personal data are, not here.</summary>
/// <param name="Contest">The contest's number.</param>
/// <param name="Decision">The decision.</param>
/// <param name="At">When.</param>
public sealed record ContestOpenedEntry(DecisionId Contest, DecisionId Decision, DateTimeOffset At) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.ContestOpened;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteDecisionId(Contest);
        writer.WriteDecisionId(Decision);
        writer.WriteTime(At);
    }

    internal static ContestOpenedEntry Read(ref EntryReader reader) => new(reader.DecisionId(), reader.DecisionId(), reader.Time());
}
