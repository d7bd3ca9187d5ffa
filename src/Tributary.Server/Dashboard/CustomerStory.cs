using Tributary.Payments.Customers;
using Tributary.Payments.Intents;
using Tributary.Payments.Money;

namespace Tributary.Server.Dashboard;

/// <summary>Everything about one customer.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Paid">What they have paid, by currency.</param>
/// <param name="Payments">Their payments, the newest first; a refund, a dispute and a decision is a part of its payment.</param>
/// <param name="Methods">What they have saved to pay with.</param>
/// <param name="Names">Who asked for refunds, and who agreed.</param>
public sealed record CustomerStory(
    Customer Customer, IReadOnlyList<(long Payments, CurrencyAmount Amount)> Paid, IReadOnlyList<PaymentFile> Payments, IReadOnlyList<SavedMethod> Methods, ActorNames Names);
