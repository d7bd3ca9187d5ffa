using Tributary.Payments.Checkout;
using Tributary.Payments.Lnurl;
using Tributary.Server.Web;

namespace Tributary.Server.Lnurl;

/// <summary>The addresses that wallets are given. All of them begin where shoppers reach this server.</summary>
internal sealed class LnurlPlaces(PublicAddress address)
{
    /// <summary>What stands after the @ of a Lightning Address.</summary>
    public string Domain => new Uri(address.Origin).Authority;

    /// <summary>A name as people write it.</summary>
    public string Identifier(LightningName name) => $"{name.Name}@{Domain}";

    /// <summary>What a wallet asks first (LUD-16).</summary>
    public string Of(LightningName name) => $"{address.Origin}/.well-known/lnurlp/{name.Name}";

    public string Of(PaymentLink link) => $"{address.Origin}/lnurl/link/{link.Id}";

    public string Callback(LightningName name) => $"{address.Origin}/lnurl/pay/{name.Name}";

    public string Callback(PaymentLink link, string quote) => $"{address.Origin}/lnurl/link/{link.Id}/invoice?quote={quote}";

    public string Verify(LnurlInvoice invoice) => $"{address.Origin}/lnurl/verify/{invoice.Attempt.Reference}";

    /// <summary>Where the payer finds the receipt: the page of the payment says where the money is.</summary>
    public string Receipt(LnurlInvoice invoice)
    {
        var intent = invoice.File.Intent;
        return address.Origin + (invoice.Session is { } session ? session.Path : $"/pay/{intent.Id}?client_secret={intent.ClientSecret}");
    }
}
