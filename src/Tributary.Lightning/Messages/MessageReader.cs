using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Messages;

/// <summary>
/// Reads the fields of one message in order. The first field that cannot be read is remembered with its BOLT name; everything after it reads
/// as a default, so that a message's reader is a plain list of its fields. Allocates no more than the bytes present.
/// </summary>
internal ref struct MessageReader(ReadOnlySpan<byte> payload)
{
    private SpanReader _reader = new(payload);
    private TlvStream _extension = TlvStream.Empty;

    /// <summary>The first thing that was wrong.</summary>
    internal Refusal? Refusal { get; private set; }

    /// <summary>Nothing is left.</summary>
    internal readonly bool IsAtEnd => _reader.IsAtEnd;

    /// <summary>What is left, without consuming it.</summary>
    internal readonly ReadOnlySpan<byte> Rest => _reader.Rest;

    internal byte Byte(string field)
    {
        if (Refusal is not null || !_reader.TryReadByte(out var value))
            return Cut<byte>(field);
        return value;
    }

    internal ushort UInt16(string field)
    {
        if (Refusal is not null || !_reader.TryReadUInt16BigEndian(out var value))
            return Cut<ushort>(field);
        return value;
    }

    internal uint UInt32(string field)
    {
        if (Refusal is not null || !_reader.TryReadUInt32BigEndian(out var value))
            return Cut<uint>(field);
        return value;
    }

    internal ulong UInt64(string field)
    {
        if (Refusal is not null || !_reader.TryReadUInt64BigEndian(out var value))
            return Cut<ulong>(field);
        return value;
    }

    internal Bytes32 Bytes32(string field)
    {
        if (Refusal is not null || !_reader.TryReadBytes32(out var value))
            return Cut<Bytes32>(field);
        return value;
    }

    internal ReadOnlySpan<byte> Fixed(string field, int length)
    {
        if (Refusal is not null || !_reader.TryReadBytes(length, out var value))
        {
            Cut<byte>(field);
            return default;
        }

        return value;
    }

    /// <summary>A 16-bit length and that many bytes.</summary>
    internal byte[] Counted(string field) => CountedSpan(field).ToArray();

    internal ReadOnlySpan<byte> CountedSpan(string field)
    {
        var length = UInt16(field);
        return Fixed(field, length);
    }

    internal ChannelId ChannelId(string field) => new(Bytes32(field));

    internal TxId TxId(string field) => new(Bytes32(field));

    internal ShortChannelId ShortChannelId(string field) => new(UInt64(field));

    internal Script Script(string field) => new(Counted(field));

    internal FeatureVector Features(string field) => FeatureVector.Read(CountedSpan(field));

    internal PublicKey Point(string field)
    {
        var bytes = Fixed(field, PublicKey.CompressedLength);
        if (Refusal is null && PublicKey.TryParse(bytes, out var key))
            return key;
        Refuse(field, "is no compressed point of secp256k1");
        return default;
    }

    internal NodeId NodeId(string field)
    {
        var bytes = Fixed(field, Wire.NodeId.Length);
        return Refusal is null ? new NodeId(bytes) : default;
    }

    internal CompactSignature Signature(string field)
    {
        var bytes = Fixed(field, CompactSignature.Length);
        return Refusal is null ? new CompactSignature(bytes) : default;
    }

    /// <summary>A 16-bit count and that many signatures.</summary>
    internal CompactSignature[] Signatures(string field)
    {
        var bytes = Fixed(field, UInt16(field) * CompactSignature.Length);
        var signatures = new CompactSignature[bytes.Length / CompactSignature.Length];
        for (var i = 0; i < signatures.Length; i++)
            signatures[i] = new CompactSignature(bytes.Slice(i * CompactSignature.Length, CompactSignature.Length));
        return signatures;
    }

    internal Satoshis Satoshis(string field)
    {
        var value = UInt64(field);
        if (value <= AmountLimits.SatoshisMax)
            return new Satoshis((long)value);
        Refuse(field, "exceeds 21 million bitcoin");
        return default;
    }

    internal MilliSatoshis MilliSatoshis(string field)
    {
        var value = UInt64(field);
        if (value <= AmountLimits.MilliSatoshisMax)
            return new MilliSatoshis((long)value);
        Refuse(field, "exceeds 21 million bitcoin");
        return default;
    }

    /// <summary>A limit, which peers set to all ones for "none": what no amount can reach becomes the largest.</summary>
    internal MilliSatoshis Limit(string field) => new((long)Math.Min(UInt64(field), long.MaxValue));

    internal FeeratePerKw Feerate(string field)
    {
        var value = UInt32(field);
        if (value <= int.MaxValue / 4)
            return new FeeratePerKw(value);
        Refuse(field, "is no feerate that a transaction can pay");
        return default;
    }

    /// <summary>What follows the known fields of a signed gossip message, as it is: the signature covers it.</summary>
    internal byte[] Excess() => Refusal is null ? _reader.Rest.ToArray() : [];

    /// <summary>The extension: a TLV stream to the end. Returns the records that are not known, all of them odd.</summary>
    internal TlvStream Extension(params ReadOnlySpan<ulong> known)
    {
        if (Refusal is not null)
            return TlvStream.Empty;
        if (!TlvStream.Read(_reader.Rest).TryGet(out var stream, out var refusal))
        {
            Refusal = refusal;
            return TlvStream.Empty;
        }

        if (stream.TryFindUnknownRequired(known, out var type))
        {
            Refuse($"tlv[{type}]", "is even, so it must be understood, and is not known");
            return TlvStream.Empty;
        }

        _extension = stream;
        return stream.Except(known);
    }

    // The cast matters: a bare null would become an empty value by way of an array.
    internal ReadOnlyMemory<byte>? TlvBytes(ulong type) =>
        Refusal is null && _extension.TryFind(type, out var value) ? (ReadOnlyMemory<byte>?)value : null;

    internal Script? TlvScript(ulong type) => Refusal is null && _extension.TryFind(type, out var value) ? new Script(value) : null;

    internal FeatureVector? TlvFeatures(ulong type) =>
        Refusal is null && _extension.TryFind(type, out var value) ? FeatureVector.Read(value.Span) : null;

    internal PublicKey? TlvPoint(ulong type, string field)
    {
        if (Refusal is not null || !_extension.TryFind(type, out var value))
            return null;
        if (value.Length == PublicKey.CompressedLength && PublicKey.TryParse(value.Span, out var key))
            return key;
        Refuse(field, "is no compressed point of secp256k1");
        return null;
    }

    internal ShortChannelId? TlvShortChannelId(ulong type, string field)
    {
        if (!TryTlvFixed(type, field, Wire.ShortChannelId.Size, out var value))
            return null;
        var reader = new SpanReader(value);
        _ = Wire.ShortChannelId.TryRead(ref reader, out var id);
        return id;
    }

    internal ulong? TlvBigSize(ulong type, string field)
    {
        if (Refusal is not null || !_extension.TryFind(type, out var value))
            return null;
        var reader = new SpanReader(value.Span);
        if (reader.TryReadBigSize(out var number) && reader.IsAtEnd)
            return number;
        Refuse(field, "is no minimal number");
        return null;
    }

    /// <summary>Any number of 32-byte values.</summary>
    internal Bytes32[]? TlvHashes(ulong type, string field)
    {
        if (Refusal is not null || !_extension.TryFind(type, out var value))
            return null;
        if (value.Length % Primitives.Bytes.Bytes32.Length != 0)
        {
            Refuse(field, "is not a row of 32-byte values");
            return null;
        }

        var hashes = new Bytes32[value.Length / Primitives.Bytes.Bytes32.Length];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = new Bytes32(value.Span.Slice(i * Primitives.Bytes.Bytes32.Length, Primitives.Bytes.Bytes32.Length));
        return hashes;
    }

    internal FeeRange? TlvFeeRange(ulong type, string field)
    {
        if (!TryTlvFixed(type, field, 2 * sizeof(ulong), out var value))
            return null;
        var inner = new MessageReader(value);
        var range = new FeeRange(inner.Satoshis("min_fee_satoshis"), inner.Satoshis("max_fee_satoshis"));
        Refusal ??= inner.Refusal;
        return range;
    }

    internal NextFunding? TlvNextFunding(ulong type, string field)
    {
        if (!TryTlvFixed(type, field, Primitives.Bytes.Bytes32.Length + 1, out var value))
            return null;
        return new NextFunding(new TxId(new Bytes32(value[..Primitives.Bytes.Bytes32.Length])), value[^1]);
    }

    private bool TryTlvFixed(ulong type, string field, int length, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (Refusal is not null || !_extension.TryFind(type, out var found))
            return false;
        value = found.Span;
        if (value.Length == length)
            return true;
        Refuse(field, $"takes {length} bytes");
        return false;
    }

    private T Cut<T>(string field)
        where T : struct
    {
        Refuse(field, "is cut short");
        return default;
    }

    internal void Refuse(string field, string reason) => Refusal ??= new Refusal(field, reason);
}
