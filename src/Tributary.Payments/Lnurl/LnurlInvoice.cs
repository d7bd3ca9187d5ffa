using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;

namespace Tributary.Payments.Lnurl;

/// <summary>An invoice that was written for a wallet.</summary>
/// <param name="File">The payment that it is for.</param>
/// <param name="Attempt">The attempt with the invoice.</param>
/// <param name="Session">The checkout session, where a payment link was paid.</param>
public sealed record LnurlInvoice(PaymentFile File, PaymentAttempt Attempt, CheckoutSession? Session = null)
{
    /// <summary>BOLT 11.</summary>
    public string Text => Attempt.Instruction ?? throw new InvalidOperationException($"{Attempt.Id} has no invoice.");
}
