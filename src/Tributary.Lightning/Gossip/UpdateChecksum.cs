using System.Buffers.Binary;
using System.Numerics;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Gossip;

/// <summary>The checksum of an update in <c>reply_channel_range</c> (BOLT 7): CRC-32C (RFC 3720) without signature and timestamp.</summary>
public static class UpdateChecksum
{
    private const int TypeLength = 2;
    private const int TimestampStart = TypeLength + CompactSignature.Length + Bytes32.Length + ShortChannelId.Size;

    /// <summary>Of a whole message, its type included.</summary>
    public static uint Of(ReadOnlySpan<byte> channelUpdate)
    {
        if (channelUpdate.Length < TimestampStart + sizeof(uint))
            throw new ArgumentException("These bytes are no channel_update.", nameof(channelUpdate));
        var crc = Add(uint.MaxValue, channelUpdate[(TypeLength + CompactSignature.Length)..TimestampStart]);
        return ~Add(crc, channelUpdate[(TimestampStart + sizeof(uint))..]);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
