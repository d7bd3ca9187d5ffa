using System.Text.Json;
using Tributary.Payments.Outbox;

namespace Tributary.Payments.Checkout;

/// <summary>What is told of checkout sessions.</summary>
public static class CheckoutEvents
{
    public const string Completed = "checkout.session.completed";
    public const string PaymentSucceeded = "checkout.session.async_payment_succeeded";
    public const string Expired = "checkout.session.expired";

    /// <summary>Does an event tell of a session?</summary>
    public static bool IsOne(string kind) => kind.StartsWith("checkout.session.", StringComparison.Ordinal);

    /// <summary>The session as it was when the event happened.</summary>
    public static CheckoutFile Read(OutboxEvent told)
    {
        var stored = JsonSerializer.Deserialize(told.Document, CheckoutJson.Default.Event)
            ?? throw new InvalidOperationException($"Event {told.Id} has no document.");
        StoredCheckout.Check(stored.Format, $"Event {told.Id}");
        return new CheckoutFile(stored.Session, stored.File);
    }
}
