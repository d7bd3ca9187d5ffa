using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.PullPayments;

/// <summary>Somebody's claim of money: of a pull payment, or of the store itself.</summary>
public sealed record PayoutClaim
{
    public required string Id { get; init; }

    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public string? PullPaymentId { get; init; }

    /// <summary>In the pull payment's currency; satoshis without one, unless the merchant named another.</summary>
    public required CurrencyAmount Amount { get; init; }

    /// <summary>What it is in millisatoshis; null until it is agreed to, where it depends on a rate.</summary>
    public long? Bitcoin { get; init; }

    public required RailKind Rail { get; init; }

    /// <summary>As whoever claims wrote it, without the scheme.</summary>
    public required string Destination { get; init; }

    public required ClaimStatus Status { get; init; }

    /// <summary>The payout that carries it out.</summary>
    public string? PayoutId { get; init; }

    /// <summary>The refund that carries it out.</summary>
    public string? RefundId { get; init; }

    /// <summary>The refund's transfer.</summary>
    public string? TransferId { get; init; }

    /// <summary>Who stands behind it: who made the pull payment, or asked for the payout.</summary>
    public required string CreatedBy { get; init; }

    public string? ApprovedBy { get; init; }

    /// <summary>JSON that the merchant gave along; null for none.</summary>
    public string? Metadata { get; init; }

    /// <summary>JSON that the merchant gave as proof of a payment by other means; null for none.</summary>
    public string? OutsideProof { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Counts the changes from one.</summary>
    public required long Version { get; init; }

    /// <summary>Counts changes of amount and destination before it was agreed to.</summary>
    public int Revision { get; init; }
}
