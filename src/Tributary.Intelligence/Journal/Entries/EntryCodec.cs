using System.Collections.Immutable;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>Reads bodies of every kind. Total on any bytes.</summary>
internal static class EntryCodec
{
    private const byte KnownVersion = 1;

    /// <summary>The entry; null when the body does not follow the layout of its kind.</summary>
    public static JournalEntry? Read(byte kind, byte version, ReadOnlySpan<byte> body)
    {
        if (version != KnownVersion)
            return new UnknownEntry(kind, version, ImmutableArray.Create(body));
        var reader = new EntryReader(body);
        JournalEntry? entry = (EntryKind)kind switch
        {
            EntryKind.Schema => SchemaEntry.Read(ref reader),
            EntryKind.Model => ModelEntry.Read(ref reader),
            EntryKind.PolicySaved => PolicySavedEntry.Read(ref reader),
            EntryKind.PolicyBacktested => PolicyBacktestedEntry.Read(ref reader),
            EntryKind.PolicyMoved => PolicyMovedEntry.Read(ref reader),
            EntryKind.Decision => DecisionEntry.Read(ref reader),
            EntryKind.Label => LabelEntry.Read(ref reader),
            EntryKind.ContestOpened => ContestOpenedEntry.Read(ref reader),
            EntryKind.ContestAssigned => ContestAssignedEntry.Read(ref reader),
            EntryKind.ContestResolved => ContestResolvedEntry.Read(ref reader),
            EntryKind.RoutingChoice => RoutingChoiceEntry.Read(ref reader),
            EntryKind.RoutingOutcome => RoutingOutcomeEntry.Read(ref reader),
            EntryKind.MethodRanking => MethodRankingEntry.Read(ref reader),
            EntryKind.RankingOutcome => RankingOutcomeEntry.Read(ref reader),
            _ => null,
        };
        if (entry is null && !Enum.IsDefined((EntryKind)kind))
            return new UnknownEntry(kind, version, ImmutableArray.Create(body));
        return reader.IsComplete ? entry : null;
    }
}
