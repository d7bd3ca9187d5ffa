using System.Text;
using Tributary.Lightning.Invoices;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Payments;

/// <summary>The fields of stored records: big endian, lengths before what they count.</summary>
internal static class RecordFields
{
    internal static void WriteAmount(this ByteWriter writer, MilliSatoshis amount) => writer.WriteUInt64BigEndian(checked((ulong)amount.Value));

    internal static void WriteTime(this ByteWriter writer, long milliseconds) => writer.WriteUInt64BigEndian(checked((ulong)milliseconds));

    internal static void WriteBlob(this ByteWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.WriteUInt32BigEndian((uint)bytes.Length);
        writer.WriteBytes(bytes);
    }

    internal static void WriteText(this ByteWriter writer, string text) => writer.WriteBlob(Encoding.UTF8.GetBytes(text));

    internal static void WriteFlag(this ByteWriter writer, bool flag) => writer.WriteByte(flag ? (byte)1 : (byte)0);

    internal static void WriteOptional(this ByteWriter writer, Bytes32? value)
    {
        writer.WriteFlag(value is not null);
        if (value is { } present)
            writer.WriteBytes32(present);
    }

    internal static void WriteOptionalBlob(this ByteWriter writer, ReadOnlyMemory<byte>? value)
    {
        writer.WriteFlag(value is not null);
        if (value is { } present)
            writer.WriteBlob(present.Span);
    }

    internal static void WriteOptionalAmount(this ByteWriter writer, MilliSatoshis? value)
    {
        writer.WriteFlag(value is not null);
        if (value is { } present)
            writer.WriteAmount(present);
    }

    internal static void WriteKey(this ByteWriter writer, HtlcKey key)
    {
        writer.WriteBytes32(key.Channel.Value);
        writer.WriteUInt64BigEndian(key.Id);
    }

    internal static void WriteHints(this ByteWriter writer, IReadOnlyList<IReadOnlyList<RouteHintHop>> hints)
    {
        writer.WriteUInt16BigEndian(checked((ushort)hints.Count));
        foreach (var hint in hints)
        {
            writer.WriteUInt16BigEndian(checked((ushort)hint.Count));
            foreach (var hop in hint)
            {
                writer.WriteBytes(hop.NodeId.ToBytes());
                hop.ShortChannelId.WriteTo(writer);
                writer.WriteUInt32BigEndian(hop.FeeBaseMilliSatoshis);
                writer.WriteUInt32BigEndian(hop.FeeProportionalMillionths);
                writer.WriteUInt16BigEndian(hop.CltvExpiryDelta);
            }
        }
    }
}
