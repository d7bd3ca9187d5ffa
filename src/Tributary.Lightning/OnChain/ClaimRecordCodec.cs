using System.Text;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.OnChain;

/// <summary>Records as bytes: a kind, a version, and fields. What is not known is refused: a node that passed it over could lose money.</summary>
public static class ClaimRecordCodec
{
    private const byte Version = 1;
    private const int CoinBytesMin = OutPoint.Size + sizeof(long) + 1 + sizeof(int);
    private const int ReasonBytesMax = 1024;

    private enum Kind : byte
    {
        CommitmentReleased = 1,
        TransactionConfirmed,
        ChainRewound,
        CloseOrphaned,
        PreimageLearnt,
        ClaimMade,
        CoinsGranted,
        CoinsReturned,
        HtlcResolved,
        Finished,
    }

    /// <summary>The record's bytes.</summary>
    public static byte[] Encode(ClaimRecord record)
    {
        var writer = new ByteWriter();
        Encode(record, writer);
        return writer.ToArray();
    }

    /// <summary>Appends the record.</summary>
    public static void Encode(ClaimRecord record, ByteWriter writer)
    {
        switch (record)
        {
            case ClaimRecord.CommitmentReleased released:
                Begin(writer, Kind.CommitmentReleased);
                writer.WriteInt32LittleEndian(released.Height);
                writer.WriteCompactSizeBytes(ReasonBytes(released.Reason));
                break;
            case ClaimRecord.TransactionConfirmed confirmed:
                Begin(writer, Kind.TransactionConfirmed);
                writer.WriteInt32LittleEndian(confirmed.Height);
                writer.WriteCompactSizeBytes(confirmed.Transaction.Memory.Span);
                break;
            case ClaimRecord.ChainRewound rewound:
                Begin(writer, Kind.ChainRewound);
                writer.WriteInt32LittleEndian(rewound.Height);
                break;
            case ClaimRecord.CloseOrphaned orphaned:
                Begin(writer, Kind.CloseOrphaned);
                writer.WriteCompactSizeBytes(orphaned.Transaction.Memory.Span);
                break;
            case ClaimRecord.PreimageLearnt learnt:
                Begin(writer, Kind.PreimageLearnt);
                writer.WriteBytes32(learnt.PaymentHash);
                writer.WriteBytes32(learnt.Preimage);
                break;
            case ClaimRecord.ClaimMade made:
                Begin(writer, Kind.ClaimMade);
                WriteClaim(writer, made);
                break;
            case ClaimRecord.CoinsGranted granted:
                Begin(writer, Kind.CoinsGranted);
                granted.Purpose.WriteTo(writer);
                WriteCoins(writer, granted.Coins);
                writer.WriteCompactSizeBytes(granted.ChangeScript.Span);
                break;
            case ClaimRecord.CoinsReturned returned:
                Begin(writer, Kind.CoinsReturned);
                returned.Purpose.WriteTo(writer);
                break;
            case ClaimRecord.HtlcResolved resolved:
                Begin(writer, Kind.HtlcResolved);
                writer.WriteByte(resolved.IsOffered ? (byte)1 : (byte)0);
                writer.WriteUInt64LittleEndian(resolved.Id);
                writer.WriteBytes32(resolved.PaymentHash);
                writer.WriteByte((byte)resolved.Outcome);
                writer.WriteByte(resolved.Preimage is null ? (byte)0 : (byte)1);
                if (resolved.Preimage is { } preimage)
                    writer.WriteBytes32(preimage);
                break;
            case ClaimRecord.Finished finished:
                Begin(writer, Kind.Finished);
                writer.WriteInt32LittleEndian(finished.Height);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(record), record, "No such record.");
        }
    }

    /// <summary>Reads a record that fills the bytes.</summary>
    public static Result<ClaimRecord, Refusal> Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        if (!reader.TryReadByte(out var kind) || !reader.TryReadByte(out var version))
            return new Refusal("record", "is cut short");
        if (version != Version || !Enum.IsDefined((Kind)kind))
            return new Refusal("record", $"kind {kind} version {version} is not known to this program; use the one that wrote it, or a newer one");
        return Read((Kind)kind, ref reader) is { } record && reader.IsAtEnd
            ? record
            : new Refusal($"record.{(Kind)kind}", "is damaged");
    }

    private static ClaimRecord? Read(Kind kind, ref SpanReader reader)
    {
        switch (kind)
        {
            case Kind.CommitmentReleased when TryReadHeight(ref reader, out var height) && reader.TryReadCompactSizeBytes(out var reason):
                return new ClaimRecord.CommitmentReleased(height, Encoding.UTF8.GetString(reason));
            case Kind.TransactionConfirmed when TryReadHeight(ref reader, out var height) && ReadTransaction(ref reader) is { } transaction:
                return new ClaimRecord.TransactionConfirmed(height, transaction);
            case Kind.ChainRewound when TryReadHeight(ref reader, out var height):
                return new ClaimRecord.ChainRewound(height);
            case Kind.CloseOrphaned when ReadTransaction(ref reader) is { } transaction:
                return new ClaimRecord.CloseOrphaned(transaction);
            case Kind.PreimageLearnt when reader.TryReadBytes32(out var hash) && reader.TryReadBytes32(out var preimage):
                return new ClaimRecord.PreimageLearnt(hash, preimage);
            case Kind.ClaimMade:
                return ReadClaim(ref reader);
            case Kind.CoinsGranted when OutPoint.TryRead(ref reader, out var purpose) && ReadCoins(ref reader) is { } coins
                && reader.TryReadCompactSizeBytes(out var script):
                return new ClaimRecord.CoinsGranted(purpose, coins, new Script(script.ToArray()));
            case Kind.CoinsReturned when OutPoint.TryRead(ref reader, out var purpose):
                return new ClaimRecord.CoinsReturned(purpose);
            case Kind.HtlcResolved:
                return ReadResolved(ref reader);
            case Kind.Finished when TryReadHeight(ref reader, out var height):
                return new ClaimRecord.Finished(height);
            default:
                return null;
        }
    }

    private static void WriteClaim(ByteWriter writer, ClaimRecord.ClaimMade made)
    {
        writer.WriteCompactSizeBytes(made.Claim.Transaction.Memory.Span);
        WriteCoins(writer, made.Claim.Coins);
        writer.WriteInt64LittleEndian(made.Claim.Fee.Value);
        writer.WriteInt64LittleEndian(made.Claim.Weight);
        writer.WriteCompactSize((ulong)made.Outputs.Count);
        foreach (var output in made.Outputs)
            output.WriteTo(writer);
        writer.WriteInt32LittleEndian(made.FirstHeight);
        writer.WriteInt32LittleEndian(made.Height);
    }

    private static ClaimRecord.ClaimMade? ReadClaim(ref SpanReader reader)
    {
        if (ReadTransaction(ref reader) is not { } transaction || ReadCoins(ref reader) is not { } coins
            || !reader.TryReadInt64LittleEndian(out var fee) || fee is < 0 or > 21_000_000 * Satoshis.PerBitcoin
            || !reader.TryReadInt64LittleEndian(out var weight) || weight is <= 0 or > int.MaxValue
            || !reader.TryReadCount(OutPoint.Size, out var count))
        {
            return null;
        }

        var outputs = new OutPoint[count];
        for (var i = 0; i < count; i++)
        {
            if (!OutPoint.TryRead(ref reader, out outputs[i]))
                return null;
        }

        return TryReadHeight(ref reader, out var first) && TryReadHeight(ref reader, out var height)
            ? new ClaimRecord.ClaimMade(new ClaimTransaction(transaction, coins, new Satoshis(fee), weight), outputs, first, height)
            : null;
    }

    private static ClaimRecord.HtlcResolved? ReadResolved(ref SpanReader reader)
    {
        if (!reader.TryReadByte(out var isOffered) || isOffered > 1 || !reader.TryReadUInt64LittleEndian(out var id)
            || !reader.TryReadBytes32(out var hash) || !reader.TryReadByte(out var outcome) || !Enum.IsDefined((ChainOutcome)outcome)
            || !reader.TryReadByte(out var hasPreimage) || hasPreimage > 1)
        {
            return null;
        }

        Bytes32? preimage = null;
        if (hasPreimage == 1)
        {
            if (!reader.TryReadBytes32(out var bytes))
                return null;
            preimage = bytes;
        }

        return new ClaimRecord.HtlcResolved(isOffered == 1, id, hash, (ChainOutcome)outcome, preimage);
    }

    private static void WriteCoins(ByteWriter writer, IReadOnlyList<FeeCoin> coins)
    {
        writer.WriteCompactSize((ulong)coins.Count);
        foreach (var coin in coins)
        {
            coin.OutPoint.WriteTo(writer);
            coin.Output.WriteTo(writer);
            writer.WriteInt32LittleEndian(coin.SatisfactionWeight);
        }
    }

    private static FeeCoin[]? ReadCoins(ref SpanReader reader)
    {
        if (!reader.TryReadCount(CoinBytesMin, out var count))
            return null;
        var coins = new FeeCoin[count];
        for (var i = 0; i < count; i++)
        {
            if (!OutPoint.TryRead(ref reader, out var outPoint) || !reader.TryReadInt64LittleEndian(out var value)
                || !new Satoshis(value).IsInMoneyRange || !reader.TryReadCompactSizeBytes(out var script)
                || !reader.TryReadInt32LittleEndian(out var weight) || weight < 0)
            {
                return null;
            }

            coins[i] = new FeeCoin(outPoint, new TxOut(new Satoshis(value), new Script(script.ToArray())), weight);
        }

        return coins;
    }

    private static Transaction? ReadTransaction(ref SpanReader reader) =>
        reader.TryReadCompactSizeBytes(out var bytes) && Transaction.Parse(bytes).TryGet(out var transaction) ? transaction : null;

    private static bool TryReadHeight(ref SpanReader reader, out int height) => reader.TryReadInt32LittleEndian(out height) && height >= 0;

    // Where a character would be cut in two, the end becomes a replacement character: a reason is for people.
    private static ReadOnlySpan<byte> ReasonBytes(string reason)
    {
        var bytes = Encoding.UTF8.GetBytes(reason);
        return bytes.AsSpan(0, Math.Min(bytes.Length, ReasonBytesMax));
    }

    private static void Begin(ByteWriter writer, Kind kind)
    {
        writer.WriteByte((byte)kind);
        writer.WriteByte(Version);
    }
}
