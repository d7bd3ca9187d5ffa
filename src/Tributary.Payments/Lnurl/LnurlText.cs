using System.Text;
using Tributary.Bitcoin.Encodings;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Lnurl;

/// <summary>The ways to write the address of an LNURL: bech32 (LUD-01), and a scheme of its own for each kind (LUD-17).</summary>
public static class LnurlText
{
    /// <summary>The longest text that is read, in characters: more than a QR code holds.</summary>
    public const int LengthMax = 4_296;

    private const string Prefix = "lnurl";

    /// <summary>An address in bech32, in upper case, as QR codes want it.</summary>
    /// <param name="url">An absolute address of http or https.</param>
    public static string Encode(string url) => Bech32.Encode(Prefix, Bech32.ToFiveBits(Encoding.UTF8.GetBytes(url)), Bech32Variant.Bech32).ToUpperInvariant();

    /// <summary>The address that bech32 holds.</summary>
    public static Result<string, Refusal> Decode(string text)
    {
        if (!Bech32.Decode(text, LengthMax).TryGet(out var decoded, out var refusal))
            return refusal with { Field = "lnurl" };
        if (!string.Equals(decoded.Prefix, Prefix, StringComparison.Ordinal) || decoded.Variant != Bech32Variant.Bech32)
            return new Refusal("lnurl", "is no LNURL: it begins with lnurl1 and is bech32");
        if (!Bech32.ToBytes(decoded.Data.Span).TryGet(out var bytes, out refusal))
            return refusal with { Field = "lnurl" };
        var url = Encoding.UTF8.GetString(bytes);
        return Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http"
            ? url
            : new Refusal("lnurl", "holds no address of https or http");
    }

    /// <summary>The address of a payment with the scheme of LUD-17.</summary>
    public static string ForPaying(string url) => WithScheme(url, "lnurlp");

    /// <summary>The address of a withdrawal with the scheme of LUD-17.</summary>
    public static string ForWithdrawing(string url) => WithScheme(url, "lnurlw");

    private static string WithScheme(string url, string scheme) => scheme + url[url.IndexOf(':', StringComparison.Ordinal)..];
}
