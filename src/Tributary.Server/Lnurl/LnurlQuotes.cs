using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Tributary.Payments.Access;
using Tributary.Payments.Checkout;
using Tributary.Payments.Money;
using Tributary.Payments.Quotes;
using Tributary.Primitives.Amounts;

namespace Tributary.Server.Lnurl;

/// <summary>
/// A quote that travels through the payer's wallet, sealed: the wallet that was told a price comes back with it, and nothing is stored for the many
/// that never do.
/// </summary>
internal sealed class LnurlQuotes(SecretBox box)
{
    private const char Separator = '|';
    private const int LengthMax = 600;

    /// <summary>The quote as text for an address.</summary>
    public string Seal(PaymentLink link, Quote quote) => Base64Url.EncodeToString(box.Seal(
        string.Join(
            Separator,
            quote.Bitcoin.Value.ToString(CultureInfo.InvariantCulture),
            quote.Price.MilliMinorUnits.ToString(CultureInfo.InvariantCulture),
            quote.SpreadBasisPoints.ToString(CultureInfo.InvariantCulture),
            quote.QuotedAt.UtcTicks.ToString(CultureInfo.InvariantCulture),
            quote.ExpiresAt.UtcTicks.ToString(CultureInfo.InvariantCulture),
            quote.Amount.MinorUnits.ToString(CultureInfo.InvariantCulture),
            quote.Source),
        Purpose(link)));

    /// <summary>The quote that a wallet brings back; null where it is none of this link's.</summary>
    public Quote? Open(PaymentLink link, string? text)
    {
        if (text is null || text.Length > LengthMax || !Base64Url.IsValid(text))
            return null;
        string[] parts;
        try
        {
            parts = box.Open(Base64Url.DecodeFromChars(text), Purpose(link)).Split(Separator, 7);
        }
        catch (CryptographicException)
        {
            return null;
        }

        var numbers = Array.ConvertAll(parts[..6], static part => long.Parse(part, CultureInfo.InvariantCulture));
        return new Quote(
            new CurrencyAmount(numbers[5], link.Currency),
            new MilliSatoshis(numbers[0]),
            link.Currency.IsBitcoin ? BitcoinPrice.One : new BitcoinPrice(link.Currency, numbers[1]),
            parts[6],
            (int)numbers[2],
            new DateTimeOffset(numbers[3], TimeSpan.Zero),
            new DateTimeOffset(numbers[4], TimeSpan.Zero));
    }

    private static string Purpose(PaymentLink link) => "lnurl quote " + link.Id;
}
