using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Reporting;
using Tributary.Payments.Risk;
using Tributary.Payments.Webhooks;

namespace Tributary.Server.Dashboard;

/// <summary>Everything about one payment.</summary>
/// <param name="File">The payment.</param>
/// <param name="Session">The checkout session that it was paid on; null for none.</param>
/// <param name="Events">What happened, in order.</param>
/// <param name="Ledger">Where the money went.</param>
/// <param name="Deliveries">Who was told.</param>
/// <param name="Names">Who asked for refunds, and who agreed.</param>
/// <param name="Reviews">Open reviews of it.</param>
public sealed record PaymentStory(
    PaymentFile File, CheckoutSession? Session, IReadOnlyList<PaymentEvent> Events, IReadOnlyList<LedgerLine> Ledger, IReadOnlyList<DeliveryLine> Deliveries,
    ActorNames Names, IReadOnlyList<Review> Reviews);
