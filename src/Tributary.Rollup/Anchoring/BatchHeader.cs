using Tributary.Bitcoin.Blocks;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Anchoring;

/// <summary>What stands before a batch's body on Bitcoin. All that it says is checked against the chain, the body and the proof.</summary>
/// <param name="Rollup">The rollup's id.</param>
/// <param name="Number">Counts the rollup's batches from 1, without gaps.</param>
/// <param name="RootBefore">The state that the batch begins with.</param>
/// <param name="RootAfter">The state that it leaves.</param>
/// <param name="Height">Rollup time: the Bitcoin height up to which forced posts and deposits have been looked at.</param>
/// <param name="Block">The block at that height: after a reorganisation the batch stands on another chain and does not count.</param>
/// <param name="ForcedCursor">Forced posts consumed since genesis, this batch's included.</param>
/// <param name="ForcedDigest">The digest of the forced queue at that cursor.</param>
/// <param name="DepositCursor">Deposits taken since genesis, this batch's included.</param>
/// <param name="Segments">How many segments the proof is made of.</param>
/// <param name="BodyDigest">The digest of the body exactly as posted.</param>
public sealed record BatchHeader(
    Bytes32 Rollup,
    ulong Number,
    TreeDigest RootBefore,
    TreeDigest RootAfter,
    uint Height,
    BlockHash Block,
    ulong ForcedCursor,
    Bytes32 ForcedDigest,
    ulong DepositCursor,
    ushort Segments,
    Bytes32 BodyDigest)
{
    /// <summary>Bytes.</summary>
    public const int Length = (6 * Bytes32.Length) + (3 * sizeof(ulong)) + sizeof(uint) + sizeof(ushort);

    /// <summary>Appends the header.</summary>
    public void WriteTo(ByteWriter writer)
    {
        writer.WriteBytes32(Rollup);
        writer.WriteUInt64LittleEndian(Number);
        writer.WriteBytes32(RootBefore.ToBytes32());
        writer.WriteBytes32(RootAfter.ToBytes32());
        writer.WriteUInt32LittleEndian(Height);
        writer.WriteBytes32(Block.Value);
        writer.WriteUInt64LittleEndian(ForcedCursor);
        writer.WriteBytes32(ForcedDigest);
        writer.WriteUInt64LittleEndian(DepositCursor);
        writer.WriteUInt16LittleEndian(Segments);
        writer.WriteBytes32(BodyDigest);
    }

    /// <summary>Reads the header at the beginning of a payload; the body is what follows.</summary>
    public static Result<BatchHeader, Refusal> Read(ReadOnlySpan<byte> payload)
    {
        var reader = new SpanReader(payload);
        if (!reader.TryReadBytes32(out var rollup)
            || !reader.TryReadUInt64LittleEndian(out var number)
            || !reader.TryReadBytes32(out var before)
            || !reader.TryReadBytes32(out var after)
            || !reader.TryReadUInt32LittleEndian(out var height)
            || !reader.TryReadBytes32(out var block)
            || !reader.TryReadUInt64LittleEndian(out var forcedCursor)
            || !reader.TryReadBytes32(out var forcedDigest)
            || !reader.TryReadUInt64LittleEndian(out var depositCursor)
            || !reader.TryReadUInt16LittleEndian(out var segments)
            || !reader.TryReadBytes32(out var bodyDigest))
        {
            return new Refusal("batch.header", $"has {payload.Length} bytes, fewer than {Length}");
        }

        if (!TreeDigest.TryFromBytes32(before, out var rootBefore) || !TreeDigest.TryFromBytes32(after, out var rootAfter))
            return new Refusal("batch.header.root", "is no digest: an element is not below p");
        return new BatchHeader(
            rollup, number, rootBefore, rootAfter, height, new BlockHash(block), forcedCursor, forcedDigest, depositCursor, segments, bodyDigest);
    }
}
