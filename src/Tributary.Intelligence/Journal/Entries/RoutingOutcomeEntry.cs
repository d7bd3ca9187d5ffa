using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>What became of a routing choice.</summary>
/// <param name="Choice">The router's number of the choice.</param>
/// <param name="Succeeded">Whether the payment went through.</param>
/// <param name="At">When that was known.</param>
public sealed record RoutingOutcomeEntry(ulong Choice, bool Succeeded, DateTimeOffset At) : JournalEntry
{
    /// <inheritdoc/>
    public override EntryKind Kind => EntryKind.RoutingOutcome;

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteUInt64LittleEndian(Choice);
        writer.WriteFlag(Succeeded);
        writer.WriteTime(At);
    }

    internal static RoutingOutcomeEntry Read(ref EntryReader reader) => new(reader.UInt64(), reader.Flag(), reader.Time());
}
