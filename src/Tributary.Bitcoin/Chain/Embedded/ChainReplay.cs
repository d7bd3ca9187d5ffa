using System.Buffers.Binary;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain.Embedded.Pool;
using Tributary.Bitcoin.Chain.Embedded.Store;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>Rebuilds the chain's state from its log. What was checked before it was written is not checked again; the log's checksums vouch for it.</summary>
internal sealed class ChainReplay(BlockTree tree, ChainLog log)
{
    private readonly OrderedDictionary<TxId, (Transaction Transaction, long EnteredAt)> _waiting = [];

    /// <summary>Blocks since the last change of the tip: about to be applied, and not worth reading twice.</summary>
    private readonly Dictionary<BlockNode, Block> _fresh = [];

    /// <summary>What was in the mempool, in the order in which it came.</summary>
    internal IEnumerable<(Transaction Transaction, long EnteredAt)> Waiting => _waiting.Values;

    /// <summary>Writes down a change of the mempool. What a block confirms needs no words: the block is there.</summary>
    internal static void Write(ChainLog log, PoolChange change, Mempool pool)
    {
        switch (change.Kind)
        {
            case PoolChangeKind.Entered:
                var payload = new byte[sizeof(long) + change.Transaction.TotalSize];
                BinaryPrimitives.WriteInt64LittleEndian(payload, pool.TryGet(change.Transaction.TxId, out var entry) ? entry.EnteredAt : 0);
                change.Transaction.Memory.Span.CopyTo(payload.AsSpan(sizeof(long)));
                log.Append(LogRecordKind.Entered, payload);
                break;
            case PoolChangeKind.Left:
                log.Append(LogRecordKind.Left, change.Transaction.TxId.Value.Span);
                break;
        }
    }

    /// <summary>Takes one record; returns why it can't be, or null.</summary>
    internal string? Handle(LogRecordKind kind, StoredRecord place, ReadOnlySpan<byte> payload)
    {
        switch (kind)
        {
            case LogRecordKind.Block:
                return HandleBlock(place, payload);
            case LogRecordKind.Entered:
                return HandleEntered(payload);
        }

        if (payload.Length != Bytes32.Length)
            return $"kind {(int)kind} with {payload.Length} bytes";
        var hash = new Bytes32(payload);
        switch (kind)
        {
            case LogRecordKind.Failed or LogRecordKind.Reconsidered:
                return tree.TryRestoreFailed(new BlockHash(hash), kind == LogRecordKind.Failed) ? null : $"a flag of an unknown block {new BlockHash(hash)}";
            case LogRecordKind.Tip:
                return HandleTip(new BlockHash(hash));
            case LogRecordKind.Left:
                _waiting.Remove(new TxId(hash));
                return null;
            default:
                return $"kind {(int)kind}, which this version does not know";
        }
    }

    private string? HandleBlock(StoredRecord place, ReadOnlySpan<byte> payload)
    {
        if (!Block.Parse(payload.ToArray()).TryGet(out var block, out var refusal))
            return $"a block whose {refusal}";
        if (tree.Restore(block, place) is { } problem)
            return problem;
        if (tree.TryFind(block.Hash, out var node))
            _fresh[node] = block;
        return null;
    }

    private string? HandleEntered(ReadOnlySpan<byte> payload)
    {
        var reader = new SpanReader(payload);
        if (!reader.TryReadInt64LittleEndian(out var enteredAt))
            return "a transaction without its time";
        if (!Transaction.Parse(reader.Rest).TryGet(out var transaction, out var refusal))
            return $"a transaction whose {refusal}";
        _waiting[transaction.TxId] = (transaction, enteredAt);
        return null;
    }

    private string? HandleTip(BlockHash hash)
    {
        var move = new ChainMove();
        if (!tree.TryRestoreTip(hash, node => _fresh.TryGetValue(node, out var block) ? block : Read(node), move))
            return $"an unknown tip {hash}";
        foreach (var transaction in move.Connected.SelectMany(static block => block.Transactions))
            _waiting.Remove(transaction.TxId);
        _fresh.Clear();
        return null;
    }

    private Block Read(BlockNode node) => Block.Parse(log.Read(node.Place!)).Value;
}
