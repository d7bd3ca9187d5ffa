using System.Globalization;
using System.Text;
using Tributary.Bitcoin.Addresses;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Uris;

/// <summary>Writes BIP 321.</summary>
internal static class BitcoinUriWriter
{
    internal static string Write(BitcoinUri uri, bool upperCase)
    {
        if (!uri.HasPaymentInstruction)
            throw new InvalidOperationException("A payment URI has at least one payment instruction.");

        var text = new StringBuilder(upperCase ? "BITCOIN:" : "bitcoin:");
        if (uri.Address is { } body)
            text.Append(Cased(body, upperCase));

        var separator = '?';
        void Add(string key, string value)
        {
            text.Append(separator).Append(upperCase ? key.ToUpperInvariant() : key).Append('=').Append(value);
            separator = '&';
        }

        if (uri.Amount is { } amount)
            Add("amount", Format(amount));
        if (uri.Label is { } label)
            Add("label", Encode(label));
        if (uri.Message is { } message)
            Add("message", Encode(message));
        foreach (var address in uri.Addresses)
            Add(address.Network.Bech32Prefix, Cased(address, upperCase));
        foreach (var invoice in uri.Lightning)
            Add("lightning", CasedBech32(invoice, upperCase));
        foreach (var offer in uri.Offers)
            Add("lno", CasedBech32(offer, upperCase));
        foreach (var silent in uri.SilentPayments)
            Add("sp", CasedBech32(silent, upperCase));
        foreach (var payment in uri.PrivatePayments)
            Add("pay", Encode(payment));
        if (uri.ProofOfPayment is { } proof)
            Add(proof.IsRequired ? "req-pop" : "pop", Encode(proof.UriPrefix));
        foreach (var parameter in uri.Unknown)
        {
            text.Append(separator).Append(Encode(parameter.Key));
            if (parameter.Value is { } value)
                text.Append('=').Append(Encode(value));
            separator = '&';
        }

        return text.ToString();
    }

    private static string Cased(Address address, bool upperCase)
    {
        var isBase58 = address.Kind is AddressKind.P2pkh or AddressKind.P2sh;
        return upperCase && !isBase58 ? address.ToString().ToUpperInvariant() : address.ToString();
    }

    private static string CasedBech32(string text, bool upperCase) => Encode(upperCase ? text.ToUpperInvariant() : text);

    // "50", "20.3": no digits that say nothing.
    private static string Format(Satoshis amount)
    {
        var (whole, fraction) = long.DivRem(amount.Value, Satoshis.PerBitcoin);
        return fraction == 0
            ? whole.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{whole}.{fraction:D8}").TrimEnd('0');
    }

    private static string Encode(string text) => Uri.EscapeDataString(text);
}
