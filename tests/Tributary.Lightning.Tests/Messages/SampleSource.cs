using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Messages;

/// <summary>Values of the fields of messages from a seed.</summary>
internal sealed class SampleSource(ulong seed)
{
    private readonly SeededEntropy _entropy = new(seed);

    internal byte Byte() => Bytes(1)[0];

    internal ushort UInt16() => BitConverter.ToUInt16(Bytes(2));

    internal uint UInt32() => BitConverter.ToUInt32(Bytes(4));

    internal ulong UInt64() => BitConverter.ToUInt64(Bytes(8));

    internal bool IsThere() => (Byte() & 1) == 0;

    internal byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _entropy.Fill(bytes);
        return bytes;
    }

    internal byte[] Bytes() => Bytes(Byte() % 70);

    internal Bytes32 Bytes32() => new(Bytes(32));

    internal Bytes32[] Hashes() => [.. Enumerable.Range(0, Byte() % 4).Select(_ => Bytes32())];

    internal Satoshis Satoshis() => new((long)(UInt64() % 2_100_000_000_000_001));

    internal MilliSatoshis MilliSatoshis() => new((long)(UInt64() % 2_100_000_000_000_000_001));

    internal MilliSatoshis Limit() => IsThere() ? new MilliSatoshis((long)(UInt64() >> 1)) : new MilliSatoshis(long.MaxValue);

    internal FeeratePerKw Feerate() => new(UInt32() % (int.MaxValue / 4));

    internal PublicKey Point()
    {
        using var key = SecretKey.Generate(_entropy);
        return key.PublicKey;
    }

    internal CompactSignature Signature() => new(Bytes(CompactSignature.Length));

    internal CompactSignature[] Signatures() => [.. Enumerable.Range(0, Byte() % 5).Select(_ => Signature())];

    internal TlvStream OddRecords() => TlvStream.Of(
        [.. Enumerable.Range(0, Byte() % 3).Select(i => new TlvRecord((ulong)(11 + (2 * Byte() % 200) + (400 * i)), Bytes()))]);
}
