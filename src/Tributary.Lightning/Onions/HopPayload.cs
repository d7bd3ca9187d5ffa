using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Onions;

/// <summary>
/// The payload of a hop of a payment (BOLT 4, "payload format"), with the preimage of a spontaneous payment (bLIP 3). Which fields a hop must
/// or must not have depends on its place: <see cref="Forwarding"/> and <see cref="Final"/> make them, the receiver's rules check them.
/// </summary>
public sealed record HopPayload
{
    /// <summary>The record of a spontaneous payment's preimage (bLIP 3).</summary>
    public const ulong KeysendType = 5482373484;

    private const ulong AmountType = 2;
    private const ulong ExpiryType = 4;
    private const ulong ShortChannelIdType = 6;
    private const ulong PaymentDataType = 8;
    private const ulong EncryptedDataType = 10;
    private const ulong PathKeyType = 12;
    private const ulong MetadataType = 16;
    private const ulong TotalType = 18;

    private static readonly ulong[] s_known =
        [AmountType, ExpiryType, ShortChannelIdType, PaymentDataType, EncryptedDataType, PathKeyType, MetadataType, TotalType, KeysendType];

    public MilliSatoshis? AmountToForward { get; init; }

    /// <summary>Block height.</summary>
    public uint? OutgoingCltv { get; init; }

    /// <summary>The channel to the next hop; none for the last.</summary>
    public ShortChannelId? ShortChannelId { get; init; }

    /// <summary>The invoice's secret, which proves that the payment comes from who has the invoice.</summary>
    public Bytes32? PaymentSecret { get; init; }

    /// <summary>What all parts carry together: goes with <see cref="PaymentSecret"/>, or stands alone at the end of a blinded route.</summary>
    public MilliSatoshis? TotalAmount { get; init; }

    /// <summary>For a hop of a blinded route, by who made the route.</summary>
    public ReadOnlyMemory<byte>? EncryptedRecipientData { get; init; }

    /// <summary>For the first hop of a blinded route.</summary>
    public PublicKey? CurrentPathKey { get; init; }

    /// <summary>What the invoice asked to be sent along.</summary>
    public ReadOnlyMemory<byte>? PaymentMetadata { get; init; }

    /// <summary>The preimage of a spontaneous payment.</summary>
    public Bytes32? KeysendPreimage { get; init; }

    /// <summary>Odd records that are not known: custom records for the receiver among them.</summary>
    public TlvStream UnknownTlvs { get; init; } = TlvStream.Empty;

    /// <summary>For a hop that passes the payment on.</summary>
    public static HopPayload Forwarding(MilliSatoshis amount, uint outgoingCltv, ShortChannelId channel) =>
        new() { AmountToForward = amount, OutgoingCltv = outgoingCltv, ShortChannelId = channel };

    /// <summary>For the receiver of an invoice's payment or of a part of it.</summary>
    public static HopPayload Final(MilliSatoshis amount, uint cltv, Bytes32 paymentSecret, MilliSatoshis total) =>
        new() { AmountToForward = amount, OutgoingCltv = cltv, PaymentSecret = paymentSecret, TotalAmount = total };

    /// <summary>For the receiver of a spontaneous payment (bLIP 3).</summary>
    public static HopPayload Keysend(MilliSatoshis amount, uint cltv, Bytes32 preimage) =>
        new() { AmountToForward = amount, OutgoingCltv = cltv, KeysendPreimage = preimage };

    /// <summary>Reads a payload; refuses records that are wrong in themselves and even ones that are not known.</summary>
    public static Result<HopPayload, PayloadFault> Read(ReadOnlySpan<byte> bytes)
    {
        if (!TlvStream.Read(bytes).TryGet(out var stream, out var refusal))
            return new PayloadFault(0, 0, refusal.ToString());
        if (stream.TryFindUnknownRequired(s_known, out var unknown))
            return Fault(stream, unknown, "is even and not known");

        var payload = new HopPayload { UnknownTlvs = stream.Except(s_known) };
        foreach (var record in stream)
        {
            if (ReadRecord(payload, record) is not { } extended)
                return Fault(stream, record.Type, "is not what BOLT 4 says it is");
            payload = extended;
        }

        return payload;
    }

    /// <summary>The TLV stream, without its length.</summary>
    public byte[] ToArray()
    {
        var records = new List<TlvRecord>(UnknownTlvs);
        Add(AmountType, AmountToForward is { } amount ? TruncatedInteger.ToArray(checked((ulong)amount.Value)) : null);
        Add(ExpiryType, OutgoingCltv is { } expiry ? TruncatedInteger.ToArray(expiry) : null);
        Add(ShortChannelIdType, ShortChannelId is { } id ? Write(id.WriteTo) : null);
        Add(EncryptedDataType, EncryptedRecipientData?.ToArray());
        Add(PathKeyType, CurrentPathKey?.ToBytes());
        Add(MetadataType, PaymentMetadata?.ToArray());
        Add(KeysendType, KeysendPreimage?.ToArray());
        var total = TotalAmount is { } whole ? TruncatedInteger.ToArray(checked((ulong)whole.Value)) : null;
        if (PaymentSecret is { } secret)
            Add(PaymentDataType, [.. secret.Span, .. total ?? throw new InvalidOperationException("A payment secret comes with the total.")]);
        else
            Add(TotalType, total);
        return TlvStream.Of([.. records]).ToArray();

        void Add(ulong type, byte[]? value)
        {
            if (value is not null)
                records.Add(new TlvRecord(type, value));
        }
    }

    private static HopPayload? ReadRecord(HopPayload payload, in TlvRecord record)
    {
        var value = record.Value.Span;
        var reader = new SpanReader(value);
        ulong number;
        switch (record.Type)
        {
            case AmountType:
                return TryReadAmount(value, out var amount) ? payload with { AmountToForward = amount } : null;
            case ExpiryType:
                return TruncatedInteger.TryRead(value, sizeof(uint), out number) ? payload with { OutgoingCltv = (uint)number } : null;
            case ShortChannelIdType:
                return Wire.ShortChannelId.TryRead(ref reader, out var id) && reader.IsAtEnd ? payload with { ShortChannelId = id } : null;
            case PaymentDataType:
                return reader.TryReadBytes32(out var secret) && TryReadAmount(reader.Rest, out var total)
                    ? payload with { PaymentSecret = secret, TotalAmount = total }
                    : null;
            case EncryptedDataType:
                return payload with { EncryptedRecipientData = record.Value };
            case PathKeyType:
                return value.Length == PublicKey.CompressedLength && PublicKey.TryParse(value, out var key) ? payload with { CurrentPathKey = key } : null;
            case MetadataType:
                return payload with { PaymentMetadata = record.Value };
            case TotalType:
                return TryReadAmount(value, out total) && payload.PaymentSecret is null ? payload with { TotalAmount = total } : null;
            case KeysendType:
                return reader.TryReadBytes32(out var preimage) && reader.IsAtEnd ? payload with { KeysendPreimage = preimage } : null;
            default:
                return payload;
        }
    }

    private static bool TryReadAmount(ReadOnlySpan<byte> value, out MilliSatoshis amount)
    {
        var read = TruncatedInteger.TryRead(value, sizeof(ulong), out var number) && number <= AmountLimits.MilliSatoshisMax;
        amount = read ? new MilliSatoshis((long)number) : default;
        return read;
    }

    private static PayloadFault Fault(TlvStream stream, ulong type, string reason)
    {
        var before = new ByteWriter();
        foreach (var record in stream)
        {
            if (record.Type >= type)
                break;
            TlvStream.WriteRecord(before, record.Type, record.Value.Span);
        }

        return new PayloadFault(type, (ushort)Math.Min(before.Length, ushort.MaxValue), $"The record {type} {reason}.");
    }

    private static byte[] Write(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return writer.ToArray();
    }
}
