using Tributary.Payments.Errors;

namespace Tributary.Server.Stripe;

/// <summary>
/// Routes of Stripe's for which nothing here could stand. They are answered with what to do instead: a shop that meets one learns that it is not a
/// misspelt address. Whoever asks gets the same answer, with a key or without.
/// </summary>
internal static class StripeRefusals
{
    private static readonly (string[] Methods, string Path, string Reason)[] s_refused =
    [
        (["POST"], "/payment_intents/{id}/increment_authorization", "No rail here can add to money that is held: cancel this payment intent and create another one."),
        (["POST"], "/payment_intents/{id}/apply_customer_balance", "Customers have no cash balance here: money that came too much is returned by a refund."),
        (["POST"], "/payment_intents/{id}/verify_microdeposits", "There are no bank accounts here that micro-deposits could verify."),
        (["POST"], "/setup_intents/{id}/verify_microdeposits", "There are no bank accounts here that micro-deposits could verify."),
        (["POST"], "/charges", "Charges are made by payment intents: POST /v1/payment_intents with confirm=true."),
        (["POST"], "/charges/{id}", "A charge is what a payment intent has brought and is changed there: POST /v1/payment_intents/{id}."),
        (["POST"], "/charges/{id}/capture", "Held money is captured at its payment intent: POST /v1/payment_intents/{id}/capture."),
        (["POST"], "/payouts/{id}/reverse", "Bitcoin that has left cannot be called back, and a test payout is final once it is paid: only a payout that waits can be canceled."),
        (["GET", "POST"], "/customers/{id}/balance_transactions", "Customers have no credit balance here."),
        (["GET", "POST"], "/customers/{id}/sources", "Sources are not kept here: attach a payment method, POST /v1/payment_methods/{id}/attach."),
        (["GET", "POST"], "/products", "There is no catalogue here: send price_data with the line items of a checkout session or a payment link."),
        (["GET", "POST"], "/prices", "There is no catalogue here: send price_data with the line items of a checkout session or a payment link."),
        (["GET", "POST"], "/subscriptions", "Nothing here is charged again by itself: create a payment intent for each payment."),
        (["GET", "POST"], "/invoices", "Invoices in Stripe's shape are not made here: create a checkout session or a payment link."),
        (["POST"], "/tokens", "Card data is not taken here: use the published test payment methods (pm_card_visa) or test tokens (tok_visa)."),
        (["POST"], "/sources", "Sources are not kept here: create a payment method, POST /v1/payment_methods."),
    ];

    /// <summary>The answer to a request for such a route; that of an unknown one otherwise.</summary>
    public static StripeAnswer Answer(string method, PathString path)
    {
        var names = (path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var (methods, template, reason) in s_refused)
        {
            if (methods.Contains(method, StringComparer.Ordinal) && IsOf(names, template.Split('/', StringSplitOptions.RemoveEmptyEntries)))
                return StripeErrors.Of(PaymentError.Invalid("endpoint_not_supported", null, reason));
        }

        return StripeErrors.UnknownRoute(method, path);
    }

    // The path begins with the dialect's own name, which the templates leave out.
    private static bool IsOf(string[] names, string[] template) =>
        names.Length == template.Length + 1 && template.Select((name, i) => name is "{id}" || string.Equals(name, names[i + 1], StringComparison.Ordinal)).All(static fits => fits);
}
