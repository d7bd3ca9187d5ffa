using System.Text.Json;
using Tributary.Payments.Checkout;
using Tributary.Payments.Customers;
using Tributary.Payments.Disputes;
using Tributary.Payments.Outbox;
using Tributary.Payments.Payouts;
using Tributary.Payments.Refunds;
using Tributary.Payments.Risk;
using Tributary.Payments.Storage;

namespace Tributary.Server.Stripe;

/// <summary>The object that an event is about, as it was when it happened.</summary>
internal static class StripeEventObjects
{
    public static void Write(Utf8JsonWriter writer, OutboxEvent told)
    {
        var kind = told.Kind;
        if (kind.StartsWith("payout.", StringComparison.Ordinal))
        {
            StripePayouts.Write(writer, PayoutStore.ReadEvent(told));
            return;
        }

        if (CheckoutEvents.IsOne(kind))
        {
            StripeCheckout.Write(writer, CheckoutEvents.Read(told), null);
            return;
        }

        if (kind.StartsWith("customer.", StringComparison.Ordinal))
        {
            StripeCustomers.Write(writer, CustomerStore.ReadEvent(told));
            return;
        }

        if (kind.StartsWith("payment_method.", StringComparison.Ordinal))
        {
            StripePaymentMethods.Write(writer, MethodStore.ReadEvent(told));
            return;
        }

        if (kind.StartsWith("setup_intent.", StringComparison.Ordinal))
        {
            StripeSetups.Write(writer, SetupStore.ReadEvent(told));
            return;
        }

        if (ReviewBook.IsOne(kind))
        {
            var (review, payment) = ReviewBook.Read(told);
            StripeReviews.Write(writer, review, payment);
            return;
        }

        var file = EventDocuments.Read(told);
        if (kind.StartsWith("refund.", StringComparison.Ordinal))
            StripeRefunds.Write(writer, new RefundView(file, file.FindRefund(told.ObjectId)!), null);
        else if (kind.StartsWith("charge.dispute.", StringComparison.Ordinal))
            StripeDisputes.Write(writer, new DisputeView(file, file.FindDispute(told.ObjectId)!));
        else if (kind.StartsWith("charge.", StringComparison.Ordinal))
            StripeCharges.Write(writer, file, null);
        else
            StripeIntents.Write(writer, file, null);
    }
}
