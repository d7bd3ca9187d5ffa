using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A person took a contest.</summary>
/// <param name="Contest">The contest.</param>
/// <param name="Reviewer">The person.</param>
/// <param name="At">When.</param>
public sealed record ContestAssignedEntry(DecisionId Contest, StaffId Reviewer, DateTimeOffset At) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.ContestAssigned;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteDecisionId(Contest);
        writer.WriteText(Reviewer.Value);
        writer.WriteTime(At);
    }

    internal static ContestAssignedEntry Read(ref EntryReader reader) => new(reader.DecisionId(), StaffId.Read(ref reader), reader.Time());
}
