using System.Text;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>The writers that mirror <see cref="EntryReader"/>.</summary>
internal static class EntryWriting
{
    public static void WriteFlag(this ByteWriter writer, bool value) => writer.WriteByte(value ? (byte)1 : (byte)0);

    public static void WriteSingle(this ByteWriter writer, float value) => writer.WriteUInt32LittleEndian(BitConverter.SingleToUInt32Bits(value));

    public static void WriteDouble(this ByteWriter writer, double value) => writer.WriteUInt64LittleEndian(BitConverter.DoubleToUInt64Bits(value));

    public static void WriteDecisionId(this ByteWriter writer, DecisionId id)
    {
        writer.WriteUInt64LittleEndian((ulong)id.Value);
        writer.WriteUInt64LittleEndian((ulong)(id.Value >> 64));
    }

    public static void WriteTime(this ByteWriter writer, DateTimeOffset time) =>
        writer.WriteInt64LittleEndian((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    public static void WriteText(this ByteWriter writer, string text)
    {
        writer.WriteCompactSize((ulong)Encoding.UTF8.GetByteCount(text));
        writer.Advance(Encoding.UTF8.GetBytes(text, writer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    public static void WriteOptionalText(this ByteWriter writer, string? text)
    {
        writer.WriteFlag(text is not null);
        if (text is not null)
            writer.WriteText(text);
    }
}
