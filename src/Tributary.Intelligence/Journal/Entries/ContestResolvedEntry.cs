using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A person decided a contest.</summary>
/// <param name="Contest">The contest.</param>
/// <param name="Reviewer">The person.</param>
/// <param name="IsOverturned">True when the decision is set aside.</param>
/// <param name="Answer">What the payer is told, in the reviewer's words.</param>
/// <param name="At">When.</param>
public sealed record ContestResolvedEntry(DecisionId Contest, StaffId Reviewer, bool IsOverturned, string Answer, DateTimeOffset At) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.ContestResolved;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteDecisionId(Contest);
        writer.WriteText(Reviewer.Value);
        writer.WriteFlag(IsOverturned);
        writer.WriteText(Answer);
        writer.WriteTime(At);
    }

    internal static ContestResolvedEntry Read(ref EntryReader reader) =>
        new(reader.DecisionId(), StaffId.Read(ref reader), reader.Flag(), reader.Text(), reader.Time());
}
