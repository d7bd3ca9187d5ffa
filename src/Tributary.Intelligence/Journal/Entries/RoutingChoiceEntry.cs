using System.Collections.Immutable;
using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Ranking;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>A rail was chosen; with its outcome it rebuilds the router and lets other policies be valued.</summary>
/// <param name="Choice">The choice with its propensities.</param>
public sealed record RoutingChoiceEntry(RoutingChoice Choice) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.RoutingChoice;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt64LittleEndian(Choice.Sequence);
        writer.WriteTime(Choice.At);
        writer.WriteText(Choice.Segment);
        writer.WriteOptionalText(Choice.Shopper);
        writer.WriteText(Choice.Rail);
        WritePropensities(writer, Choice.Propensities);
        writer.WriteDouble(Choice.PropensityError);
    }

    internal static RoutingChoiceEntry Read(ref EntryReader reader) => new(new RoutingChoice(
        reader.UInt64(), reader.Time(), reader.Text(), reader.OptionalText(), reader.Text(), ReadPropensities(ref reader), reader.Double()));

    internal static void WritePropensities(ByteWriter writer, ImmutableArray<Propensity> propensities)
    {
        writer.WriteCompactSize((ulong)propensities.Length);
        foreach (var (option, probability) in propensities)
        {
            writer.WriteText(option);
            writer.WriteDouble(probability);
        }
    }

    internal static ImmutableArray<Propensity> ReadPropensities(ref EntryReader reader)
    {
        var propensities = new Propensity[reader.Count(9, JournalLimits.MaxFacts)];
        for (var i = 0; i < propensities.Length; i++)
            propensities[i] = new Propensity(reader.Text(), reader.Double());
        return [.. propensities];
    }
}
