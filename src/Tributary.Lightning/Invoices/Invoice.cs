using Tributary.Bitcoin.Encodings;
using Tributary.Crypto;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Invoices;

/// <summary>A signed invoice (BOLT 11): its text, what it says, and who signed it.</summary>
public sealed class Invoice
{
    /// <summary>The longest text that is read: more than fits into any QR code.</summary>
    public const int LengthMax = 7089;

    internal const int TimestampValues = 7;
    internal const int SignatureValues = 104;

    private Invoice(string text, InvoiceTerms terms, PublicKey payee, IReadOnlyList<InvoiceField> fields)
    {
        Text = text;
        Terms = terms;
        Payee = payee;
        Fields = fields;
    }

    /// <summary>The invoice as it is shown, in lower case.</summary>
    public string Text { get; }

    public InvoiceTerms Terms { get; }

    /// <summary>The node that is paid: named by the invoice, or recovered from its signature.</summary>
    public PublicKey Payee { get; }

    /// <summary>All fields in their order, those that are not known or not used among them.</summary>
    public IReadOnlyList<InvoiceField> Fields { get; }

    /// <summary>
    /// Reads an invoice, with "lightning:" before it or not, and checks its signature. Whether it has expired is for the caller, who has a
    /// clock.
    /// </summary>
    public static Result<Invoice, Refusal> Parse(ReadOnlySpan<char> text)
    {
        const string Scheme = "lightning:";
        text = text.Trim();
        if (text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            text = text[Scheme.Length..];
        if (!Bech32.Decode(text, LengthMax).TryGet(out var decoded, out var refusal))
            return refusal;
        if (decoded.Variant != Bech32Variant.Bech32)
            return new Refusal("checksum", "is that of bech32m, which invoices do not use");

        var values = decoded.Data.Span;
        if (values.Length < TimestampValues + SignatureValues)
            return new Refusal("invoice", "is too short to hold a timestamp and a signature");
        if (!InvoiceReader.Read(decoded.Prefix, decoded.Data[..^SignatureValues], out var fields).TryGet(out var terms, out refusal))
            return refusal;
        if (!InvoiceSignature.Check(decoded.Prefix, values[..^SignatureValues], values[^SignatureValues..], fields).TryGet(out var payee, out refusal))
            return refusal;
        return new Invoice(text.ToString().ToLowerInvariant(), terms, payee.Key, fields);
    }

    /// <summary>Writes and signs an invoice; refuses terms that BOLT 11 cannot carry.</summary>
    /// <param name="terms">What it says.</param>
    /// <param name="nodeKey">The payee's node key, which stays the caller's.</param>
    /// <param name="namePayee">Also name the node in a field; otherwise readers recover it from the signature.</param>
    public static Result<Invoice, Refusal> Create(InvoiceTerms terms, SecretKey nodeKey, bool namePayee = false)
    {
        if (!InvoiceWriter.Write(terms, namePayee ? nodeKey.PublicKey : null).TryGet(out var fields, out var refusal))
            return refusal;
        var text = Sign(InvoiceWriter.Prefix(terms), terms.Timestamp, fields, nodeKey);
        return text.Length <= LengthMax ? Parse(text) : new Refusal("invoice", $"takes {text.Length} characters where {LengthMax} are read");
    }

    public override string ToString() => Text;

    /// <summary>Signs fields as they are and encodes the whole.</summary>
    internal static string Sign(string prefix, long timestamp, IReadOnlyList<InvoiceField> fields, SecretKey nodeKey)
    {
        var values = new List<byte>(FiveBits.FromNumber((ulong)timestamp, TimestampValues));
        foreach (var field in fields)
        {
            values.Add(field.Tag);
            values.Add((byte)(field.Values.Length >> 5));
            values.Add((byte)(field.Values.Length & 31));
            values.AddRange(field.Values.Span);
        }

        values.AddRange(InvoiceSignature.Make(prefix, values.ToArray(), nodeKey));
        return Bech32.Encode(prefix, values.ToArray(), Bech32Variant.Bech32);
    }
}
