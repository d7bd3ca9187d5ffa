using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Ranking;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>Payment methods were ranked for a shopper.</summary>
/// <param name="Ranking">The ranking with its propensities.</param>
public sealed record MethodRankingEntry(MethodRanking Ranking) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.MethodRanking;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt64LittleEndian(Ranking.Sequence);
        writer.WriteTime(Ranking.At);
        writer.WriteText(Ranking.Segment);
        writer.WriteOptionalText(Ranking.Shopper);
        writer.WriteCompactSize((ulong)Ranking.Order.Length);
        foreach (var method in Ranking.Order)
            writer.WriteText(method);
        RoutingChoiceEntry.WritePropensities(writer, Ranking.FirstPropensities);
        writer.WriteDouble(Ranking.PropensityError);
    }

    internal static MethodRankingEntry Read(ref EntryReader reader)
    {
        var (sequence, at, segment, shopper) = (reader.UInt64(), reader.Time(), reader.Text(), reader.OptionalText());
        var order = new string[reader.Count(1, JournalLimits.MaxFacts)];
        for (var i = 0; i < order.Length; i++)
            order[i] = reader.Text();
        return new MethodRankingEntry(
            new MethodRanking(sequence, at, segment, shopper, [.. order], RoutingChoiceEntry.ReadPropensities(ref reader), reader.Double()));
    }
}
