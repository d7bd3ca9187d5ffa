using Tributary.Crypto;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Blocks;

/// <summary>A block's 80-byte header.</summary>
/// <param name="Version">Version bits (BIP 9).</param>
/// <param name="PreviousBlock">The parent's hash; all zero for the genesis block.</param>
/// <param name="MerkleRoot">The root over the block's transaction ids.</param>
/// <param name="Time">Seconds since 1970, as the miner says.</param>
/// <param name="Bits">The target in its compact form.</param>
/// <param name="Nonce">What the miner turned.</param>
public readonly record struct BlockHeader(int Version, BlockHash PreviousBlock, Bytes32 MerkleRoot, uint Time, uint Bits, uint Nonce)
{
    /// <summary>Serialized size in bytes.</summary>
    public const int Size = 80;

    /// <summary>The block's id.</summary>
    public BlockHash Hash
    {
        get
        {
            var writer = new ByteWriter(Size);
            WriteTo(writer);
            return new BlockHash(Hashes.Sha256d(writer.WrittenSpan));
        }
    }

    public void WriteTo(ByteWriter writer)
    {
        writer.WriteInt32LittleEndian(Version);
        writer.WriteBytes32(PreviousBlock.Value);
        writer.WriteBytes32(MerkleRoot);
        writer.WriteUInt32LittleEndian(Time);
        writer.WriteUInt32LittleEndian(Bits);
        writer.WriteUInt32LittleEndian(Nonce);
    }

    /// <summary>Reads 80 bytes.</summary>
    public static bool TryRead(ref SpanReader reader, out BlockHeader header)
    {
        header = default;
        if (reader.Remaining < Size
            || !reader.TryReadInt32LittleEndian(out var version)
            || !reader.TryReadBytes32(out var previous)
            || !reader.TryReadBytes32(out var root)
            || !reader.TryReadUInt32LittleEndian(out var time)
            || !reader.TryReadUInt32LittleEndian(out var bits)
            || !reader.TryReadUInt32LittleEndian(out var nonce))
            return false;

        header = new BlockHeader(version, new BlockHash(previous), root, time, bits, nonce);
        return true;
    }
}
