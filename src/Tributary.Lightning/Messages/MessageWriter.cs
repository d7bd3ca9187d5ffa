using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>The writers that mirror <see cref="MessageReader"/>.</summary>
internal static class MessageWriter
{
    internal static void WriteCounted(this ByteWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteUInt16BigEndian(checked((ushort)bytes.Length));
        writer.WriteBytes(bytes);
    }

    internal static void WritePoint(this ByteWriter writer, in PublicKey key)
    {
        key.WriteCompressed(writer.GetSpan(PublicKey.CompressedLength));
        writer.Advance(PublicKey.CompressedLength);
    }

    internal static void WriteSignature(this ByteWriter writer, CompactSignature signature) => writer.WriteBytes(signature.Span);

    internal static void WriteSignatures(this ByteWriter writer, IReadOnlyList<CompactSignature> signatures)
    {
        writer.WriteUInt16BigEndian(checked((ushort)signatures.Count));
        foreach (var signature in signatures)
            writer.WriteSignature(signature);
    }

    internal static void WriteSatoshis(this ByteWriter writer, Satoshis amount) => writer.WriteUInt64BigEndian(checked((ulong)amount.Value));

    internal static void WriteMilliSatoshis(this ByteWriter writer, MilliSatoshis amount) =>
        writer.WriteUInt64BigEndian(checked((ulong)amount.Value));

    /// <summary>The largest limit means none, which is all ones on the wire.</summary>
    internal static void WriteLimit(this ByteWriter writer, MilliSatoshis limit) =>
        writer.WriteUInt64BigEndian(limit.Value == long.MaxValue ? ulong.MaxValue : checked((ulong)limit.Value));

    internal static void WriteFeerate(this ByteWriter writer, FeeratePerKw feerate) => writer.WriteUInt32BigEndian(checked((uint)feerate.Value));

    internal static TlvRecord? Record(ulong type, byte[]? value) => value is null ? null : new TlvRecord(type, value);

    internal static TlvRecord? Record(ulong type, Action<ByteWriter>? write)
    {
        if (write is null)
            return null;
        var writer = new ByteWriter();
        write(writer);
        return new TlvRecord(type, writer.ToArray());
    }

    /// <summary>The known records that are there, merged with the unknown ones in the order of their types.</summary>
    internal static void WriteExtension(this ByteWriter writer, TlvStream unknown, params ReadOnlySpan<TlvRecord?> known)
    {
        var next = 0;
        foreach (var record in known)
        {
            if (record is not { } present)
                continue;
            for (; next < unknown.Count && unknown[next].Type < present.Type; next++)
                TlvStream.WriteRecord(writer, unknown[next].Type, unknown[next].Value.Span);
            TlvStream.WriteRecord(writer, present.Type, present.Value.Span);
        }

        for (; next < unknown.Count; next++)
            TlvStream.WriteRecord(writer, unknown[next].Type, unknown[next].Value.Span);
    }
}
