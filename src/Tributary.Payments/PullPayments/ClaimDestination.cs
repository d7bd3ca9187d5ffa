using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Uris;
using Tributary.Lightning.Invoices;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Payments.PullPayments;

/// <summary>Where somebody wants money, read from what they pasted: an invoice, an address, or a link of either (BIP 321).</summary>
/// <param name="Rail">The rail that reaches it.</param>
/// <param name="Text">The invoice or the address alone.</param>
/// <param name="Amount">What it names; null where it names none.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
public sealed record ClaimDestination(RailKind Rail, string Text, MilliSatoshis? Amount, DateTimeOffset? ExpiresAt)
{
    private const int LengthMax = 4096;
    private const string LightningScheme = "lightning:";

    /// <summary>Reads what was pasted.</summary>
    /// <param name="pasted">An invoice, an address, or a link.</param>
    /// <param name="wanted">Which way, where a link names several; null for Lightning first.</param>
    /// <param name="network">The network that money is on.</param>
    public static Result<ClaimDestination, PaymentError> Read(string pasted, RailKind? wanted, BitcoinNetwork network)
    {
        var text = pasted.Trim();
        if (text.Length is 0 or > LengthMax)
            return Refuse("Name a Lightning invoice or a Bitcoin address.");
        if (text.StartsWith(LightningScheme, StringComparison.OrdinalIgnoreCase))
            return ReadInvoice(text[LightningScheme.Length..], wanted, network);
        if (text.StartsWith("bitcoin:", StringComparison.OrdinalIgnoreCase))
            return ReadUri(text, wanted, network);
        if (text.StartsWith("lnurl", StringComparison.OrdinalIgnoreCase) || text.Contains('@', StringComparison.Ordinal))
            return Refuse("Lightning Addresses and LNURLs are not paid here: paste a Lightning invoice, or scan the code with your wallet.");
        return text.StartsWith("ln", StringComparison.OrdinalIgnoreCase)
            ? ReadInvoice(text, wanted, network)
            : wanted == RailKind.Lightning ? Refuse("This is no Lightning invoice.") : new ClaimDestination(RailKind.OnChain, text, null, null);
    }

    private static Result<ClaimDestination, PaymentError> ReadInvoice(string text, RailKind? wanted, BitcoinNetwork network)
    {
        if (wanted == RailKind.OnChain)
            return Refuse("This is no Bitcoin address.");
        if (!Invoice.Parse(text).TryGet(out var invoice, out var refusal))
            return Refuse($"This is no Lightning invoice: {refusal.Field} {refusal.Reason}.");
        if (invoice.Terms.Network != network)
            return Refuse($"This invoice is for {invoice.Terms.Network}, and money here is on {network}.");
        var ends = DateTimeOffset.FromUnixTimeSeconds(Math.Min(invoice.Terms.ExpiresAt, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
        return new ClaimDestination(RailKind.Lightning, invoice.Text, invoice.Terms.Amount, ends);
    }

    private static Result<ClaimDestination, PaymentError> ReadUri(string text, RailKind? wanted, BitcoinNetwork network)
    {
        if (!BitcoinUri.Parse(text, network).TryGet(out var uri, out var refusal))
            return Refuse($"This is no bitcoin link: {refusal.Field} {refusal.Reason}.");
        if (wanted != RailKind.OnChain && !uri.Lightning.IsEmpty)
            return ReadInvoice(uri.Lightning[0], wanted, network);
        var address = uri.Address ?? (uri.Addresses.IsEmpty ? null : uri.Addresses[0]);
        return address is null || wanted == RailKind.Lightning
            ? Refuse("This bitcoin link names nothing that can be paid this way.")
            : new ClaimDestination(RailKind.OnChain, address.ToString(), uri.Amount?.ToMilliSatoshis(), null);
    }

    private static PaymentError Refuse(string message) => PaymentError.Invalid("destination_invalid", "destination", message);
}
