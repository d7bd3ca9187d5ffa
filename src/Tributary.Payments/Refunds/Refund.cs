using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;
using Tributary.Payments.Risk;

namespace Tributary.Payments.Refunds;

/// <summary>Money of a payment on its way back to the shopper. It is a part of the payment's file, so no two of them take the same money.</summary>
public sealed record Refund
{
    public required string Id { get; init; }

    /// <summary>In the intent's currency; for excess in the currency that it came in, satoshis for bitcoin.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>Money beyond what was asked, or too late: it is the shopper's and not taken from the merchant.</summary>
    public required bool IsExcess { get; init; }

    public required Asset Asset { get; init; }

    /// <summary>All that it takes, in <see cref="Asset"/>: what the shopper gets and the fee that the shopper bears.</summary>
    public required long Gross { get; init; }

    public required FeeBearer FeeBearer { get; init; }

    /// <summary>The rate between <see cref="Amount"/> and <see cref="Gross"/>; null where both are the same money.</summary>
    public RefundRate? Rate { get; init; }

    public required RefundReason Reason { get; init; }

    public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the risk gate answered; null where none was asked.</summary>
    public RiskAssessment? Risk { get; init; }

    public required RefundStatus Status { get; init; }

    /// <summary>Who asked: a key or a user; "system" for excess.</summary>
    public required string CreatedBy { get; init; }

    public string? ApprovedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where to, as it was given with the request; null where the shopper has to say.</summary>
    public string? Destination { get; init; }

    /// <summary>Who knows it may say where the money goes; null on a rail that needs no destination.</summary>
    public string? ClaimToken { get; init; }

    /// <summary>Until when the claim link works.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required ImmutableArray<RefundPart> Parts { get; init; }

    public required ImmutableArray<RefundTransfer> Transfers { get; init; }

    public string? FailureCode { get; init; }

    public string? FailureMessage { get; init; }

    /// <summary>Counts the changes from one.</summary>
    public required long Version { get; init; }

    /// <summary>It holds the money: what it takes is nobody else's.</summary>
    [JsonIgnore]
    public bool TakesMoney => Status is not (RefundStatus.Failed or RefundStatus.Canceled);

    /// <summary>The try that counts: the last one.</summary>
    [JsonIgnore]
    public RefundTransfer? LastTransfer => Transfers.IsEmpty ? null : Transfers[^1];

    /// <summary>Never the claim token.</summary>
    public override string ToString() => $"{Id} {Status} {Amount}";
}
