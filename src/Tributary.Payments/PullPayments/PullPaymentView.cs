using System.Collections.Immutable;
using Tributary.Payments.Money;
using Tributary.Payments.Refunds;

namespace Tributary.Payments.PullPayments;

/// <summary>A pull payment with its claims and what is left to claim.</summary>
/// <param name="PullPayment">The pull payment.</param>
/// <param name="Claims">The newest first.</param>
/// <param name="Left">What can still be claimed, in its currency.</param>
/// <param name="Refund">The refund that holds the money; null for every other.</param>
public sealed record PullPaymentView(PullPayment PullPayment, ImmutableArray<ClaimView> Claims, CurrencyAmount Left, Refund? Refund)
{
    /// <summary>Can something be claimed at a time?</summary>
    public bool IsOpenAt(DateTimeOffset now) =>
        !PullPayment.IsArchived && PullPayment.StartsAt <= now && (PullPayment.ExpiresAt is not { } end || now < end) && Left.MinorUnits > 0;
}
