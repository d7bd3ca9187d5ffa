using System.Text;
using Tributary.Bitcoin.Encodings;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Invoices;

/// <summary>Turns terms into fields, in the order in which BOLT 11's examples have them.</summary>
internal static class InvoiceWriter
{
    private const long TimestampMax = (1L << 35) - 1;

    internal static string Prefix(InvoiceTerms terms)
    {
        var currency = terms.Network == BitcoinNetwork.Signet ? "tbs" : terms.Network.Bech32Prefix;
        return $"ln{currency}{(terms.Amount is { } amount ? InvoiceAmount.Write(amount) : "")}";
    }

    internal static Result<List<InvoiceField>, Refusal> Write(InvoiceTerms terms, PublicKey? payee)
    {
        if (FindFault(terms) is { } fault)
            return fault;

        var fields = new List<InvoiceField>();
        AddBytes(InvoiceTag.PaymentSecret, terms.PaymentSecret.Span);
        AddBytes(InvoiceTag.PaymentHash, terms.PaymentHash.Span);
        if (terms.Description is { } description)
            AddBytes(InvoiceTag.Description, Encoding.UTF8.GetBytes(description));
        if (terms.DescriptionHash is { } descriptionHash)
            AddBytes(InvoiceTag.DescriptionHash, descriptionHash.Span);
        if (terms.Metadata is { } metadata)
            AddBytes(InvoiceTag.Metadata, metadata.Span);
        if (payee is { } key)
            AddBytes(InvoiceTag.Payee, key.ToBytes());
        if (terms.ExpirySeconds is { } expiry)
            fields.Add(new InvoiceField(InvoiceTag.Expiry, FiveBits.FromNumber((ulong)expiry)));
        if (terms.MinFinalCltvExpiryDelta is { } delta)
            fields.Add(new InvoiceField(InvoiceTag.MinFinalExpiryDelta, FiveBits.FromNumber(delta)));
        foreach (var fallback in terms.Fallbacks)
        {
            if (Fallback(fallback) is not { } values)
                return new Refusal("f", "takes P2PKH, P2SH and witness programs");
            fields.Add(new InvoiceField(InvoiceTag.Fallback, values));
        }

        foreach (var hint in terms.RouteHints)
            AddBytes(InvoiceTag.RouteHint, Hint(hint));
        if (!terms.Features.IsEmpty)
            fields.Add(new InvoiceField(InvoiceTag.Features, Features(terms.Features)));
        return fields.Find(static field => field.Values.Length > InvoiceField.ValuesMax) is { Values.IsEmpty: false } tooLong
            ? new Refusal(Bech32.Alphabet[tooLong.Tag].ToString(), "takes more than 639 bytes")
            : fields;

        void AddBytes(byte tag, ReadOnlySpan<byte> bytes) => fields.Add(new InvoiceField(tag, Bech32.ToFiveBits(bytes)));
    }

    private static Refusal? FindFault(InvoiceTerms terms)
    {
        if (terms.Amount is { } amount && (amount <= MilliSatoshis.Zero || amount > Satoshis.MaxMoney.ToMilliSatoshis()))
            return new Refusal("amount", "takes more than zero and at most 21 million bitcoin");
        if (terms.Timestamp is < 0 or > TimestampMax)
            return new Refusal("timestamp", "takes seconds since 1970 in 35 bits");
        if (terms.Description is null == terms.DescriptionHash is null)
            return new Refusal("description", "is given in words or by its hash: one of them");
        if (terms.ExpirySeconds is <= 0)
            return new Refusal("expiry", "takes more than zero seconds");
        if (terms.MinFinalCltvExpiryDelta is 0)
            return new Refusal("min_final_cltv_expiry_delta", "takes more than zero blocks");
        return terms.RouteHints.Any(static hint => hint.Count == 0) ? new Refusal("r", "takes at least one channel") : null;
    }

    private static byte[]? Fallback(Script script)
    {
        if (script.IsWitnessProgram(out var version, out var program))
            return [(byte)version, .. Bech32.ToFiveBits(program.Span)];
        if (script.IsPayToScriptHash)
            return [18, .. Bech32.ToFiveBits(script.Span[2..22])];
        return script.Length == 25 && script == StandardScripts.P2pkh(script.Span[3..23]) ? [17, .. Bech32.ToFiveBits(script.Span[3..23])] : null;
    }

    private static ReadOnlySpan<byte> Hint(IReadOnlyList<RouteHintHop> hint)
    {
        var writer = new ByteWriter();
        foreach (var hop in hint)
        {
            writer.WritePoint(hop.NodeId);
            hop.ShortChannelId.WriteTo(writer);
            writer.WriteUInt32BigEndian(hop.FeeBaseMilliSatoshis);
            writer.WriteUInt32BigEndian(hop.FeeProportionalMillionths);
            writer.WriteUInt16BigEndian(hop.CltvExpiryDelta);
        }

        return writer.WrittenSpan;
    }

    private static byte[] Features(FeatureVector features)
    {
        var top = (features.Span.Length * 8) - 1;
        while (!features.IsSet(top))
            top--;
        var values = new byte[(top / 5) + 1];
        for (var bit = 0; bit <= top; bit++)
        {
            if (features.IsSet(bit))
                values[values.Length - 1 - (bit / 5)] |= (byte)(1 << (bit % 5));
        }

        return values;
    }
}
