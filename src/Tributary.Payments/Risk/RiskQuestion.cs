using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.Risk;

/// <summary>What the gate is asked about.</summary>
public sealed record RiskQuestion
{
    public required RiskPoint Point { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    /// <summary>The attempt, the refund or the payout.</summary>
    public required string SubjectId { get; init; }

    public required CurrencyAmount Amount { get; init; }

    public required RailKind Rail { get; init; }

    public string? CustomerId { get; init; }

    /// <summary>What pays or is paid, in clear: a card's number, an address, a node. Never stored or logged; the gate keeps a pseudonym at most.</summary>
    public string? Instrument { get; init; }

    public RiskClues Clues { get; init; } = RiskClues.None;

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public override string ToString() => $"{Point} {SubjectId}";
}
