using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Payments.PullPayments;

/// <summary>What a merchant asks of a refund that is to be claimed.</summary>
public sealed record RefundPullRequest
{
    public required string StoreId { get; init; }

    public required bool IsLive { get; init; }

    public required string IntentId { get; init; }

    public required RefundVariant Variant { get; init; }

    /// <summary>How much less goes back, in millionths of a percent of the amount: 2,500,000 for 2.5 percent.</summary>
    public int SubtractMicroPercent { get; init; }

    /// <summary>For <see cref="RefundVariant.Custom"/>, in the payment's currency or in bitcoin.</summary>
    public CurrencyAmount? CustomAmount { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>Empty for all.</summary>
    public ImmutableArray<RailKind> Rails { get; init; } = [];

    /// <summary>Who asks: a key or a user.</summary>
    public required string Actor { get; init; }
}
