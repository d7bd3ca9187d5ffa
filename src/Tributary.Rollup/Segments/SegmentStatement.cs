using System.Security.Cryptography;
using Tributary.Finance.Assets;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>The public inputs of a segment's proof (docs/rollup/statement.md, section 2).</summary>
public sealed record SegmentStatement
{
    private static ReadOnlySpan<byte> Domain => "tributary.rollup v1 statement"u8;

    /// <summary>Which rollup: the digest of its genesis.</summary>
    public required Bytes32 Rollup { get; init; }

    /// <summary>The digest of the verifying key.</summary>
    public required Bytes32 VerifyingKey { get; init; }

    /// <summary>The place in the chain of segments.</summary>
    public required ulong Number { get; init; }

    public required TreeDigest RootBefore { get; init; }

    public required TreeDigest RootAfter { get; init; }

    /// <summary>SHA-256 of the body exactly as posted.</summary>
    public required Bytes32 BodyDigest { get; init; }

    public required ForcedQueuePoint ForcedBefore { get; init; }

    public required ForcedQueuePoint ForcedAfter { get; init; }

    /// <summary>The Bitcoin block at the height of rollup time.</summary>
    public required Bytes32 BlockHash { get; init; }

    public required IReadOnlyList<Deposited> Deposits { get; init; }

    public required IReadOnlyList<Withdrawn> Withdrawals { get; init; }

    public required IReadOnlyList<HtlcOutcome> Outcomes { get; init; }

    /// <summary>The supply after the segment of each asset whose supply it changed, by asset.</summary>
    public required IReadOnlyList<AssetSupply> Supplies { get; init; }

    /// <summary>SHA-256 over all of it: what the transcript of a proof starts with.</summary>
    public Bytes32 ComputeDigest()
    {
        var writer = new ByteWriter(512);
        writer.WriteBytes(Domain);
        foreach (var value in (ReadOnlySpan<Bytes32>)[Rollup, VerifyingKey, RootBefore.ToBytes32(), RootAfter.ToBytes32(), BodyDigest, BlockHash])
            writer.WriteBytes32(value);
        writer.WriteUInt64LittleEndian(Number);
        foreach (var point in (ReadOnlySpan<ForcedQueuePoint>)[ForcedBefore, ForcedAfter])
        {
            writer.WriteBytes32(point.Digest);
            writer.WriteUInt64LittleEndian(point.Cursor);
        }

        writer.WriteCompactSize((ulong)Deposits.Count);
        foreach (var deposit in Deposits)
        {
            writer.WriteUInt64LittleEndian(deposit.Number);
            writer.WriteUInt32LittleEndian(deposit.Asset.Value);
            writer.WriteUInt32LittleEndian(deposit.To.Value);
            Write(writer, deposit.Amount.Units);
        }

        writer.WriteCompactSize((ulong)Withdrawals.Count);
        foreach (var withdrawal in Withdrawals)
        {
            writer.WriteUInt64LittleEndian(withdrawal.Number);
            writer.WriteUInt32LittleEndian(withdrawal.Asset.Value);
            writer.WriteUInt32LittleEndian(withdrawal.From.Value);
            Write(writer, withdrawal.Amount.Units);
            writer.WriteCompactSizeBytes(withdrawal.Script.Span);
        }

        writer.WriteCompactSize((ulong)Outcomes.Count);
        foreach (var outcome in Outcomes)
        {
            writer.WriteUInt64LittleEndian(outcome.Htlc.Value);
            writer.WriteBytes32(outcome.Hash);
            writer.WriteByte(outcome.Claimed ? (byte)1 : (byte)0);
        }

        writer.WriteCompactSize((ulong)Supplies.Count);
        foreach (var supply in Supplies)
        {
            writer.WriteUInt32LittleEndian(supply.Asset.Value);
            Write(writer, supply.Supply.Units);
        }

        return new Bytes32(SHA256.HashData(writer.WrittenSpan));
    }

    /// <summary>The digest of a body.</summary>
    public static Bytes32 DigestOf(ReadOnlySpan<byte> body) => new(SHA256.HashData(body));

    private static void Write(ByteWriter writer, UInt128 units)
    {
        writer.WriteUInt64LittleEndian((ulong)units);
        writer.WriteUInt64LittleEndian((ulong)(units >> 64));
    }
}
