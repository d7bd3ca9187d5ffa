using System.Text.Json;
using Tributary.Payments;
using Tributary.Payments.Access;
using Tributary.Payments.Balances;
using Tributary.Payments.Checkout;
using Tributary.Payments.Customers;
using Tributary.Payments.Disputes;
using Tributary.Payments.Intents;
using Tributary.Payments.Payouts;
using Tributary.Payments.Refunds;
using Tributary.Payments.Risk;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Stripe;

/// <summary>Finds any object of a store by its name alone.</summary>
internal sealed class StripeObjects(
    PaymentService payments, RefundService refunds, DisputeService disputes, PayoutService payouts, CheckoutService checkout, IDatabase database, PublicAddress address)
{
    private const int RefundsMax = 10;

    /// <summary>What a key needs to see an object of this name; null where it is the name of none.</summary>
    public static KeyResource? ResourceOf(string id) => id[..(id.IndexOf('_', StringComparison.Ordinal) is var at and >= 0 ? at : 0)] switch
    {
        "pi" => KeyResource.PaymentIntents,
        "ch" => KeyResource.Charges,
        "re" => KeyResource.Refunds,
        "dp" => KeyResource.Disputes,
        "pm" => KeyResource.PaymentMethods,
        "cus" => KeyResource.Customers,
        "po" => KeyResource.Payouts,
        "prv" => KeyResource.Reviews,
        "txn" => KeyResource.Balance,
        "cs" => KeyResource.CheckoutSessions,
        "plink" => KeyResource.PaymentLinks,
        "seti" => KeyResource.PaymentMethods,
        _ => null,
    };

    /// <summary>Writes an object; null where the store has none of that name.</summary>
    public async Task<Action<Utf8JsonWriter>?> FindAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        switch (ResourceOf(id))
        {
            case KeyResource.PaymentIntents:
                return await FileAsync(id, call, cancellationToken) is { } intent ? writer => StripeIntents.Write(writer, intent, call.Origin) : null;
            case KeyResource.Charges:
                return await FileAsync(StripeCharges.IntentIdOf(id), call, cancellationToken) is { } charged ? writer => StripeCharges.Write(writer, charged, call.Origin) : null;
            case KeyResource.Refunds:
                return await refunds.FindAsync(key.StoreId, key.IsLive, id, cancellationToken) is { } refund ? writer => StripeRefunds.Write(writer, refund, call.Origin) : null;
            case KeyResource.Disputes:
                return await disputes.FindAsync(key.StoreId, key.IsLive, id, cancellationToken) is { } dispute ? writer => StripeDisputes.Write(writer, dispute) : null;
            case KeyResource.Customers:
                var customer = await database.ReadAsync((transaction, token) => CustomerStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token), cancellationToken);
                return customer is null ? null : writer => StripeCustomers.Write(writer, customer);
            case KeyResource.PaymentMethods when id.StartsWith("seti_", StringComparison.Ordinal):
                var setup = await database.ReadAsync((transaction, token) => SetupStore.FindAsync(transaction, key.StoreId, key.IsLive, id, token), cancellationToken);
                return setup is null ? null : writer => StripeSetups.Write(writer, setup);
            case KeyResource.PaymentMethods:
                return await PaymentMethodHandlers.FindAsync(database, id, call, cancellationToken);
            case KeyResource.Reviews:
                var review = await database.ReadAsync((transaction, token) => ReviewStore.FindAsync(transaction, id, token), cancellationToken);
                return review is not null && await FileAsync(review.IntentId, call, cancellationToken) is { } reviewed ? writer => StripeReviews.Write(writer, review, reviewed) : null;
            case KeyResource.Payouts:
                return await payouts.FindAsync(key.StoreId, key.IsLive, id, cancellationToken) is { } payout ? writer => StripePayouts.Write(writer, payout) : null;
            case KeyResource.Balance:
                var entry = await database.ReadAsync((transaction, token) => BalanceTransactions.FindAsync(transaction, key.StoreId, key.IsLive, id, token), cancellationToken);
                return entry is null ? null : writer => StripeBalances.Write(writer, entry);
            case KeyResource.CheckoutSessions:
                return await SessionAsync(id, call, cancellationToken) is { } session ? writer => StripeCheckout.Write(writer, session, address.Origin) : null;
            case KeyResource.PaymentLinks:
                return await LinkAsync(id, call, cancellationToken) is { } link ? writer => StripeCheckout.Write(writer, link, address.Origin) : null;
            default:
                return null;
        }
    }

    /// <summary>What a checkout session or a payment link sells, as the list that it carries; null where the store has none of that name.</summary>
    public async Task<Action<Utf8JsonWriter>?> LinesOfAsync(string id, StripeCall call, CancellationToken cancellationToken)
    {
        if (await SessionAsync(id, call, cancellationToken) is { } file)
            return writer => StripeCheckout.WriteLines(writer, file.Session.Lines, file.Session.Currency, $"/v1/checkout/sessions/{id}/line_items");
        if (await LinkAsync(id, call, cancellationToken) is { } link)
            return writer => StripeCheckout.WriteLines(writer, link.Lines, link.Currency, $"/v1/payment_links/{id}/line_items");
        return null;
    }

    /// <summary>The refunds of a payment, as the list that a charge carries.</summary>
    public async Task<Action<Utf8JsonWriter>> RefundsOfAsync(string intentId, StripeCall call, CancellationToken cancellationToken)
    {
        var key = call.Request.Key;
        var found = await refunds.ListAsync(new RefundQuery(key.StoreId, key.IsLive, RefundsMax + 1) { IntentId = intentId }, cancellationToken);
        return writer => StripePage.WriteList(
            writer, $"/v1/refunds?payment_intent={intentId}", found.Take(RefundsMax), found.Count > RefundsMax, (inner, view) => StripeRefunds.Write(inner, view, call.Origin));
    }

    private async Task<CheckoutFile?> SessionAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        await checkout.FindAsync(id, cancellationToken) is { } file && call.Owns(file.Payment) ? file : null;

    private async Task<PaymentLink?> LinkAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => PaymentLinkStore.FindAsync(transaction, id, token), cancellationToken) is { } link
        && link.IsLive == call.Request.Key.IsLive && string.Equals(link.StoreId, call.Request.Key.StoreId, StringComparison.Ordinal)
            ? link
            : null;

    private async Task<PaymentFile?> FileAsync(string id, StripeCall call, CancellationToken cancellationToken) =>
        await payments.FindAsync(id, cancellationToken) is { } file && call.Owns(file) ? file : null;
}
