using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Risk;

namespace Tributary.Payments.Payouts;

/// <summary>The store's own money on its way out.</summary>
public sealed record Payout
{
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required CurrencyAmount Amount { get; init; }

    public required Asset Asset { get; init; }

    /// <summary>In <see cref="Asset"/>.</summary>
    public required long Gross { get; init; }

    public required RailKind Rail { get; init; }

    /// <summary>In the rail's normal form; empty where a processor knows the bank account.</summary>
    public required string Destination { get; init; }

    /// <summary>The most that may be spent on the way.</summary>
    public required long FeeMax { get; init; }

    /// <summary>What the risk gate answered; null where none was asked.</summary>
    public RiskAssessment? Risk { get; init; }

    public required PayoutStatus Status { get; init; }

    /// <summary>Not before this: a new destination has to be known for a while.</summary>
    public required DateTimeOffset SendAt { get; init; }

    /// <summary>Made by the cap on the hot wallet.</summary>
    public bool IsAutomatic { get; init; }

    /// <summary>Who asked: a key or a user; "system" for the cap.</summary>
    public required string CreatedBy { get; init; }

    public string? ApprovedBy { get; init; }

    public string? Description { get; init; }

    public string? StatementDescriptor { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The rail's name for it.</summary>
    public string? Reference { get; init; }

    /// <summary>What shows that it arrived.</summary>
    public string? Proof { get; init; }

    /// <summary>What was spent on the way.</summary>
    public long Fee { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureMessage { get; init; }

    /// <summary>Counts the changes from one.</summary>
    public required long Version { get; init; }

    /// <summary>The money is not the store's to spend any more.</summary>
    [JsonIgnore]
    public bool TakesMoney => Status is not (PayoutStatus.Failed or PayoutStatus.Canceled);
}
