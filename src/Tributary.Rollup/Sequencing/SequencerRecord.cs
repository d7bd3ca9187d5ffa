using System.Text;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Sequencing;

/// <summary>A record of a sequencer's log.</summary>
internal abstract record SequencerRecord
{
    internal const string Purpose = "tributary.rollup.sequencer/1";

    private const byte OpenedKind = 1;
    private const byte TakenKind = 2;
    private const byte ClosedKind = 3;
    private const byte RewoundKind = 4;
    private const byte BaseKind = 5;
    private const byte ChunkKind = 6;
    private const byte RevokedKind = 7;

    /// <summary>Bytes of the state that a record of a checkpoint holds at most.</summary>
    internal const int ChunkLength = 1 << 20;
    private const int LeastPost = sizeof(ulong) + sizeof(int) + 1 + Bytes32.Length;
    private const int LeastDeposit = (2 * sizeof(ulong)) + (3 * sizeof(int)) + Bytes32.Length;

    internal static byte[] Opened(BatchOpening opening)
    {
        var writer = new ByteWriter();
        writer.WriteByte(OpenedKind);
        Write(writer, opening);
        return writer.ToArray();
    }

    internal static byte[] Taken(ReadOnlySpan<byte> operation, ReadOnlySpan<byte> signature)
    {
        var writer = new ByteWriter(operation.Length + signature.Length + 16);
        writer.WriteByte(TakenKind);
        writer.WriteCompactSizeBytes(operation);
        writer.WriteBytes(signature);
        return writer.ToArray();
    }

    internal static byte[] Closed(BatchHeader header)
    {
        var writer = new ByteWriter();
        writer.WriteByte(ClosedKind);
        header.WriteTo(writer);
        return writer.ToArray();
    }

    internal static byte[] Rewound(ulong number, BatchOpening opening)
    {
        var writer = new ByteWriter();
        writer.WriteByte(RewoundKind);
        writer.WriteUInt64LittleEndian(number);
        Write(writer, opening);
        return writer.ToArray();
    }

    internal static byte[] Begun(BatchBase from, ulong revocations)
    {
        var writer = new ByteWriter();
        writer.WriteByte(BaseKind);
        writer.WriteUInt64LittleEndian(from.Segments);
        writer.WriteUInt64LittleEndian(revocations);
        writer.WriteInt32LittleEndian(from.State.Length);
        from.Last?.WriteTo(writer);
        return writer.ToArray();
    }

    internal static byte[] Chunk(ReadOnlySpan<byte> state) => [ChunkKind, .. state];

    internal static byte[] Revoked(RevokedOperation revoked)
    {
        var writer = new ByteWriter();
        writer.WriteByte(RevokedKind);
        writer.WriteUInt64LittleEndian(revoked.Number);
        writer.WriteCompactSizeBytes(OperationCodec.Write(revoked.Request));
        writer.WriteCompactSizeBytes(Encoding.UTF8.GetBytes(revoked.Why.Field));
        writer.WriteCompactSizeBytes(Encoding.UTF8.GetBytes(revoked.Why.Reason));
        return writer.ToArray();
    }

    internal static Result<SequencerRecord, Refusal> Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        var damaged = new Refusal("record", "is damaged");
        if (!reader.TryReadByte(out var kind))
            return damaged;
        switch (kind)
        {
            case BaseKind:
                return ReadBase(ref reader) is { } begun ? begun : damaged;
            case ChunkKind:
                return new StateChunk(reader.Rest.ToArray());
            case RevokedKind:
                return ReadRevoked(ref reader) is { } revoked ? revoked : damaged;
            case OpenedKind:
                return ReadOpening(ref reader) is { } opening && reader.IsAtEnd ? new BatchOpened(opening) : damaged;
            case TakenKind:
                if (!reader.TryReadCompactSizeBytes(out var operation))
                    return damaged;
                return OperationCodec.Read(ModuleTable.Provable, operation).TryGet(out var request, out var refusal)
                    ? new OperationTaken(request, reader.Rest.ToArray())
                    : refusal;
            case ClosedKind:
                return bytes.Length == 1 + BatchHeader.Length && BatchHeader.Read(reader.Rest).TryGet(out var header) ? new BatchClosed(header) : damaged;
            case RewoundKind:
                return reader.TryReadUInt64LittleEndian(out var number) && ReadOpening(ref reader) is { } again && reader.IsAtEnd ? new BatchesRewound(number, again) : damaged;
            default:
                return damaged;
        }
    }

    private static void Write(ByteWriter writer, BatchOpening opening)
    {
        writer.WriteUInt32LittleEndian(opening.Height);
        writer.WriteBytes32(opening.Block.Value);
        writer.WriteUInt64LittleEndian(opening.ForcedCursor);
        writer.WriteBytes32(opening.ForcedDigest);
        writer.WriteUInt64LittleEndian(opening.DepositCursor);
        writer.WriteCompactSize((ulong)opening.Posts.Count);
        foreach (var post in opening.Posts)
        {
            writer.WriteUInt64LittleEndian(post.Number);
            writer.WriteInt32LittleEndian(post.Height);
            writer.WriteBytes32(post.Digest);
            writer.WriteCompactSizeBytes(post.Operation.Span);
        }

        writer.WriteCompactSize((ulong)opening.Deposits.Count);
        foreach (var deposit in opening.Deposits)
        {
            writer.WriteUInt64LittleEndian(deposit.Number);
            writer.WriteInt32LittleEndian(deposit.Height);
            writer.WriteBytes32(deposit.Output.TxId.Value);
            writer.WriteUInt32LittleEndian(deposit.Output.Index);
            writer.WriteUInt32LittleEndian(deposit.To.Value);
            writer.WriteInt64LittleEndian(deposit.Amount.Value);
        }
    }

    private static BatchOpening? ReadOpening(ref SpanReader reader)
    {
        if (!reader.TryReadUInt32LittleEndian(out var height)
            || !reader.TryReadBytes32(out var block)
            || !reader.TryReadUInt64LittleEndian(out var forced)
            || !reader.TryReadBytes32(out var digest)
            || !reader.TryReadUInt64LittleEndian(out var deposited)
            || !reader.TryReadCount(LeastPost, out var postCount))
            return null;
        var posts = new ForcedPost[postCount];
        for (var i = 0; i < posts.Length; i++)
        {
            if (!reader.TryReadUInt64LittleEndian(out var number)
                || !reader.TryReadInt32LittleEndian(out var at)
                || !reader.TryReadBytes32(out var queue)
                || !reader.TryReadCompactSizeBytes(out var operation))
                return null;
            posts[i] = new ForcedPost(number, at, operation.ToArray(), queue);
        }

        if (!reader.TryReadCount(LeastDeposit, out var depositCount))
            return null;
        var deposits = new SeenDeposit[depositCount];
        for (var i = 0; i < deposits.Length; i++)
        {
            if (!reader.TryReadUInt64LittleEndian(out var number)
                || !reader.TryReadInt32LittleEndian(out var at)
                || !reader.TryReadBytes32(out var transaction)
                || !reader.TryReadUInt32LittleEndian(out var output)
                || !reader.TryReadUInt32LittleEndian(out var to)
                || !reader.TryReadInt64LittleEndian(out var amount))
                return null;
            deposits[i] = new SeenDeposit(number, at, new OutPoint(new TxId(transaction), output), new AccountId(to), new Satoshis(amount));
        }

        return new BatchOpening(height, new BlockHash(block), forced, digest, deposited, posts, deposits);
    }

    private static CheckpointBegun? ReadBase(ref SpanReader reader)
    {
        if (!reader.TryReadUInt64LittleEndian(out var segments)
            || !reader.TryReadUInt64LittleEndian(out var revocations)
            || !reader.TryReadInt32LittleEndian(out var length)
            || length <= 0)
            return null;
        if (reader.IsAtEnd)
            return new CheckpointBegun(null, segments, revocations, length);
        return reader.Remaining == BatchHeader.Length && BatchHeader.Read(reader.Rest).TryGet(out var last, out _) ? new CheckpointBegun(last, segments, revocations, length) : null;
    }

    private static ReceiptRevoked? ReadRevoked(ref SpanReader reader)
    {
        if (!reader.TryReadUInt64LittleEndian(out var number)
            || !reader.TryReadCompactSizeBytes(out var operation)
            || !OperationCodec.Read(ModuleTable.Provable, operation).TryGet(out var request, out _)
            || !reader.TryReadCompactSizeBytes(out var field)
            || !reader.TryReadCompactSizeBytes(out var reason)
            || !reader.IsAtEnd)
            return null;
        return new ReceiptRevoked(new RevokedOperation(number, Receipt.DigestOf(request), request, new Refusal(Encoding.UTF8.GetString(field), Encoding.UTF8.GetString(reason))));
    }

    internal sealed record CheckpointBegun(BatchHeader? Last, ulong Segments, ulong Revocations, int StateLength) : SequencerRecord;

    internal sealed record StateChunk(ReadOnlyMemory<byte> Bytes) : SequencerRecord;

    internal sealed record ReceiptRevoked(RevokedOperation Operation) : SequencerRecord;

    internal sealed record BatchOpened(BatchOpening Opening) : SequencerRecord;

    internal sealed record OperationTaken(OperationRequest Request, byte[] Signature) : SequencerRecord;

    internal sealed record BatchClosed(BatchHeader Header) : SequencerRecord;

    internal sealed record BatchesRewound(ulong Number, BatchOpening Opening) : SequencerRecord;
}
