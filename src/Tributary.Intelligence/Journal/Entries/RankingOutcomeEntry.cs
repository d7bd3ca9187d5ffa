using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>What became of a ranking.</summary>
/// <param name="Ranking">The ranker's number of the ranking.</param>
/// <param name="PaidWith">The method that the payment was completed with; null when it was not.</param>
/// <param name="At">When that was known.</param>
public sealed record RankingOutcomeEntry(ulong Ranking, string? PaidWith, DateTimeOffset At) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.RankingOutcome;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt64LittleEndian(Ranking);
        writer.WriteOptionalText(PaidWith);
        writer.WriteTime(At);
    }

    internal static RankingOutcomeEntry Read(ref EntryReader reader) => new(reader.UInt64(), reader.OptionalText(), reader.Time());
}
