using System.Text;
using System.Text.Unicode;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Invoices;

/// <summary>
/// Reads what stands before the signature. Of a field that may be there once the first right one counts; one of a wrong length is skipped, as
/// is one that is not known.
/// </summary>
internal static class InvoiceReader
{
    private const int HashValues = 52;
    private const int HintHopBytes = PublicKey.CompressedLength + ShortChannelId.Size + 4 + 4 + 2;

    private static readonly Feature[] s_understood =
        [Feature.VariableLengthOnion, Feature.PaymentSecret, Feature.BasicMultiPart, Feature.PaymentMetadata];

    internal static Result<InvoiceTerms, Refusal> Read(string prefix, ReadOnlyMemory<byte> values, out List<InvoiceField> fields)
    {
        fields = [];
        if (!TryReadPrefix(prefix, out var network, out var amountText))
            return new Refusal("prefix", $"'{prefix}' is not that of an invoice on a network that is known");
        var terms = new InvoiceTerms { Network = network, Timestamp = ReadTimestamp(values.Span), PaymentHash = default, PaymentSecret = default };
        if (amountText.Length > 0)
        {
            if (!InvoiceAmount.Read(amountText).TryGet(out var amount, out var refusal))
                return refusal;
            terms = terms with { Amount = amount };
        }

        if (!TrySplit(values[Invoice.TimestampValues..], fields))
            return new Refusal("fields", "are cut short");
        return ReadFields(terms, fields);
    }

    private static bool TryReadPrefix(string prefix, out BitcoinNetwork network, out ReadOnlySpan<char> amount)
    {
        var digits = prefix.AsSpan().IndexOfAnyInRange('0', '9');
        var currency = digits < 0 ? prefix : prefix[..digits];
        amount = digits < 0 ? default : prefix.AsSpan(digits);
        (network, var known) = currency switch
        {
            "lnbc" => (BitcoinNetwork.Mainnet, true),
            "lntb" => (BitcoinNetwork.Testnet3, true),
            "lntbs" => (BitcoinNetwork.Signet, true),
            "lnbcrt" => (BitcoinNetwork.Regtest, true),
            _ => (BitcoinNetwork.Mainnet, false),
        };
        return known;
    }

    private static long ReadTimestamp(ReadOnlySpan<byte> values)
    {
        long timestamp = 0;
        foreach (var value in values[..Invoice.TimestampValues])
            timestamp = (timestamp << 5) | value;
        return timestamp;
    }

    private static bool TrySplit(ReadOnlyMemory<byte> values, List<InvoiceField> fields)
    {
        while (!values.IsEmpty)
        {
            if (values.Length < 3)
                return false;
            var header = values.Span;
            var length = (header[1] << 5) | header[2];
            if (values.Length < 3 + length)
                return false;
            fields.Add(new InvoiceField(header[0], values.Slice(3, length)));
            values = values[(3 + length)..];
        }

        return true;
    }

    private static Result<InvoiceTerms, Refusal> ReadFields(InvoiceTerms terms, List<InvoiceField> fields)
    {
        Bytes32? paymentHash = null;
        Bytes32? paymentSecret = null;
        var fallbacks = new List<Script>();
        var hints = new List<IReadOnlyList<RouteHintHop>>();
        foreach (var field in fields)
        {
            var values = field.Values.Span;
            ulong number;
            switch (field.Tag)
            {
                case InvoiceTag.PaymentHash when values.Length == HashValues:
                    paymentHash ??= new Bytes32(FiveBits.ToBytes(values));
                    break;
                case InvoiceTag.PaymentSecret when values.Length == HashValues:
                    paymentSecret ??= new Bytes32(FiveBits.ToBytes(values));
                    break;
                case InvoiceTag.DescriptionHash when values.Length == HashValues:
                    terms = terms with { DescriptionHash = terms.DescriptionHash ?? new Bytes32(FiveBits.ToBytes(values)) };
                    break;
                case InvoiceTag.Description:
                    if (!TryReadText(values, out var text))
                        return new Refusal("d", "is not UTF-8");
                    terms = terms with { Description = terms.Description ?? text };
                    break;
                case InvoiceTag.Metadata:
                    terms = terms with { Metadata = terms.Metadata ?? FiveBits.ToBytes(values) };
                    break;
                case InvoiceTag.Expiry:
                    if (!FiveBits.TryToNumber(values, out number))
                        return new Refusal("x", "is no number in its shortest form");
                    terms = terms with { ExpirySeconds = terms.ExpirySeconds ?? (long)Math.Min(number, long.MaxValue) };
                    break;
                case InvoiceTag.MinFinalExpiryDelta:
                    if (!FiveBits.TryToNumber(values, out number) || number > uint.MaxValue)
                        return new Refusal("c", "is no number of blocks in its shortest form");
                    terms = terms with { MinFinalCltvExpiryDelta = terms.MinFinalCltvExpiryDelta ?? (uint)number };
                    break;
                case InvoiceTag.Fallback:
                    if (TryReadFallback(values, out var script))
                        fallbacks.Add(script);
                    break;
                case InvoiceTag.RouteHint:
                    if (ReadHint(values) is not { } hint)
                        return new Refusal("r", "is not a row of channels");
                    hints.Add(hint);
                    break;
                case InvoiceTag.Features:
                    if (values is [0, ..])
                        return new Refusal("9", "is not in its shortest form");
                    terms = terms with { Features = terms.Features.IsEmpty ? ReadFeatures(values) : terms.Features };
                    break;
            }
        }

        if (paymentHash is not { } hash)
            return new Refusal("p", "is missing: an invoice names a payment hash");
        if (paymentSecret is not { } secret)
            return new Refusal("s", "is missing: an invoice carries a payment secret");
        return Check(terms with { PaymentHash = hash, PaymentSecret = secret, Fallbacks = fallbacks, RouteHints = hints });
    }

    private static Result<InvoiceTerms, Refusal> Check(InvoiceTerms terms)
    {
        if (terms.Description is null == terms.DescriptionHash is null)
            return new Refusal("d", "is there together with a hash of a description (h), or neither is");
        if (terms.Features.TryFindRequiredBeyond(s_understood, out var bit))
            return new Refusal("9", $"requires feature {bit}, which is not known");
        if (terms.Features.TryFindMissingDependency(out var feature, out var needs))
            return new Refusal("9", $"has {feature} without {needs}");
        return terms;
    }

    private static bool TryReadText(ReadOnlySpan<byte> values, out string text)
    {
        var bytes = FiveBits.ToBytes(values);
        var valid = Utf8.IsValid(bytes);
        text = valid ? Encoding.UTF8.GetString(bytes) : "";
        return valid;
    }

    // The bits stand at the end of the field, so zeros go to its front.
    private static FeatureVector ReadFeatures(ReadOnlySpan<byte> values)
    {
        var bits = new List<int>();
        for (var bit = 0; bit < values.Length * 5; bit++)
        {
            if ((values[values.Length - 1 - (bit / 5)] >> (bit % 5) & 1) != 0)
                bits.Add(bit);
        }

        return FeatureVector.OfBits([.. bits]);
    }

    private static bool TryReadFallback(ReadOnlySpan<byte> values, out Script script)
    {
        script = Script.Empty;
        if (values.IsEmpty)
            return false;

        var program = FiveBits.ToBytes(values[1..]);
        switch (values[0])
        {
            case 0 when program.Length is 20 or 32:
            case > 0 and <= 16 when program.Length is >= 2 and <= 40:
                script = StandardScripts.WitnessProgram(values[0], program);
                return true;
            case 17 when program.Length == 20:
                script = StandardScripts.P2pkh(program);
                return true;
            case 18 when program.Length == 20:
                script = StandardScripts.P2sh(program);
                return true;
            default:
                return false;
        }
    }

    private static List<RouteHintHop>? ReadHint(ReadOnlySpan<byte> values)
    {
        var bytes = FiveBits.ToBytes(values);
        if (bytes.Length == 0 || bytes.Length % HintHopBytes != 0)
            return null;

        var hops = new List<RouteHintHop>();
        var reader = new SpanReader(bytes);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadBytes(PublicKey.CompressedLength, out var key) || !PublicKey.TryParse(key, out var node)
                || !ShortChannelId.TryRead(ref reader, out var channel)
                || !reader.TryReadUInt32BigEndian(out var feeBase)
                || !reader.TryReadUInt32BigEndian(out var feeProportional)
                || !reader.TryReadUInt16BigEndian(out var delta))
            {
                return null;
            }

            hops.Add(new RouteHintHop(node, channel, feeBase, feeProportional, delta));
        }

        return hops;
    }
}
