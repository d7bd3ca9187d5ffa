using Tributary.Payments.Checkout;
using Tributary.Payments.Lnurl;
using Tributary.Server.Modes;
using Tributary.Server.Web;

namespace Tributary.Server.Lnurl;

/// <summary>
/// The addresses that wallets are given. All of them begin where shoppers reach this server. Where it has live money, names are that money's, and those
/// of test money begin with <c>test.</c>: what is printed on a card must pay for real.
/// </summary>
internal sealed class LnurlPlaces(PublicAddress address, HalfMode mode)
{
    private const string TestPrefix = LightningNames.TestPrefix;
    private const string LiveMark = "live_";

    private string Prefix => mode is { HasLive: true, IsLive: false } ? TestPrefix : "";

    /// <summary>The name within an address that begins as those of names do; null for other addresses.</summary>
    public static string? NameOf(PathString path) =>
        path.StartsWithSegments("/.well-known/lnurlp", StringComparison.OrdinalIgnoreCase, out var rest) || path.StartsWithSegments("/lnurl/pay", StringComparison.OrdinalIgnoreCase, out rest)
            ? rest.Value?.TrimStart('/')
            : null;

    /// <summary>Is a name, as a wallet sends it, one of test money beside live money?</summary>
    public static bool IsTestName(string name) => name.StartsWith(TestPrefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name as it is registered, of one that a wallet sends; null where this half has none like it.</summary>
    public string? Registered(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : null;

    /// <summary>The payment hash of an address to verify by.</summary>
    public static string HashOf(string text) => text.StartsWith(LiveMark, StringComparison.Ordinal) ? text[LiveMark.Length..] : text;

    /// <summary>What stands after the @ of a Lightning Address.</summary>
    public string Domain => new Uri(address.Origin).Authority;

    /// <summary>A name as people write it.</summary>
    public string Identifier(LightningName name) => $"{Prefix}{name.Name}@{Domain}";

    /// <summary>What a wallet asks first (LUD-16).</summary>
    public string Of(LightningName name) => $"{address.Origin}/.well-known/lnurlp/{Prefix}{name.Name}";

    public string Of(PaymentLink link) => $"{address.Origin}/lnurl/link/{link.Id}";

    public string Callback(LightningName name) => $"{address.Origin}/lnurl/pay/{Prefix}{name.Name}";

    public string Callback(PaymentLink link, string quote) => $"{address.Origin}/lnurl/link/{link.Id}/invoice?quote={quote}";

    public string Verify(LnurlInvoice invoice) => $"{address.Origin}/lnurl/verify/{(mode is { HasLive: true, IsLive: true } ? LiveMark : "")}{invoice.Attempt.Reference}";

    /// <summary>Where the payer finds the receipt: the page of the payment says where the money is.</summary>
    public string Receipt(LnurlInvoice invoice)
    {
        var intent = invoice.File.Intent;
        return address.Origin + (invoice.Session is { } session ? session.Path : $"/pay/{intent.Id}?client_secret={intent.ClientSecret}");
    }
}
