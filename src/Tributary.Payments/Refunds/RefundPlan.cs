using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;
using Tributary.Payments.Money;

namespace Tributary.Payments.Refunds;

/// <summary>Which money a refund takes.</summary>
/// <param name="Amount">See <see cref="Refund.Amount"/>.</param>
/// <param name="Asset">What it is paid in.</param>
/// <param name="Gross">See <see cref="Refund.Gross"/>; more than zero.</param>
/// <param name="Parts">From which receipts.</param>
/// <param name="Rate">The rate, where bitcoin stands for another currency.</param>
/// <param name="Origin">The attempt that the money goes back by; null where it needs a destination.</param>
public sealed record RefundPlan(CurrencyAmount Amount, Asset Asset, long Gross, ImmutableArray<RefundPart> Parts, RefundRate? Rate, PaymentAttempt? Origin);
