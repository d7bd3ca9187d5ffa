using System.Security.Cryptography;
using System.Text;
using Tributary.Payments;
using Tributary.Payments.Access;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Invoices;
using Tributary.Server.Localisation;
using Tributary.Server.Web;
using Tributary.Storage.Relational;

namespace Tributary.Server.Checkout;

/// <summary>Finds the page of an address. An address with a wrong secret and one of nothing are the same.</summary>
internal sealed class CheckoutPlaces(CheckoutService checkout, PaymentService payments, ShopperClues clues, IDatabase database)
{
    private const string NoName = "Shop";

    public async Task<CheckoutPlace?> OfSessionAsync(string id, string secret, HttpRequest request, CancellationToken cancellationToken) =>
        await checkout.OpenAsync(id, secret, cancellationToken) is { } file
            ? await PlaceAsync(file.Payment, file.Session, request, cancellationToken)
            : null;

    public async Task<CheckoutPlace?> OfIntentAsync(string id, string? secret, HttpRequest request, CancellationToken cancellationToken) =>
        await payments.FindAsync(id, cancellationToken) is { } file
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(file.Intent.ClientSecret), Encoding.UTF8.GetBytes(secret ?? ""))
            ? await PlaceAsync(file, null, request, cancellationToken)
            : null;

    /// <summary>The page of an invoice, which its name alone opens.</summary>
    public async Task<CheckoutPlace?> OfInvoiceAsync(string id, HttpRequest request, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => InvoiceStore.FindAsync(transaction, id, token), cancellationToken) is { } invoice
        && await checkout.FindAsync(invoice.Invoice.SessionId, cancellationToken) is { } file
            ? await PlaceAsync(file.Payment, file.Session, request, cancellationToken)
            : null;

    /// <summary>A store's name for shoppers.</summary>
    public async Task<string> NameAsync(string storeId, CancellationToken cancellationToken) =>
        await database.ReadAsync((transaction, token) => StoreNames.FindAsync(transaction, storeId, token), cancellationToken) is { Length: > 0 } name ? name : NoName;

    /// <summary>The language that an address asks for, so that its links keep it; null where it asks for none.</summary>
    public static string? AskedLanguage(HttpRequest request, Texts texts) => request.Query.ContainsKey("lang") ? texts.Language.Tag : null;

    private async Task<CheckoutPlace> PlaceAsync(PaymentFile payment, CheckoutSession? session, HttpRequest request, CancellationToken cancellationToken)
    {
        var invoice = payment.Intent.InvoiceId is { } id ? await database.ReadAsync((transaction, token) => InvoiceStore.FindAsync(transaction, id, token), cancellationToken) : null;
        var texts = Texts.For(request, invoice?.Invoice.DefaultLanguage);
        return new CheckoutPlace(payment, session, await NameAsync(payment.Intent.StoreId, cancellationToken), texts, AskedLanguage(request, texts))
        {
            Invoice = invoice?.Invoice,
            IsFramed = invoice is not null && ShopperPages.IsFramed(request),
            Clues = clues.Of(request.HttpContext, payment.Intent, session),
        };
    }
}
