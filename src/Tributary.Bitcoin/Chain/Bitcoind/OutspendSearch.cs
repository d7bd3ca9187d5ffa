using System.Text.Json;
using System.Text.Json.Nodes;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>
/// Finds who spends an output. bitcoind keeps no such index for blocks, so a spend in a block is found by reading the blocks from the
/// output's own: all of them, or those that the compact filters (BIP 158) point at where the node has them.
/// </summary>
internal sealed class OutspendSearch(BitcoindQueries queries, BitcoindOptions options)
{
    /// <summary>A search starts again when the chain moves under it, this often at most.</summary>
    private const int AttemptsMax = 3;

    internal async ValueTask<Result<Outspend, ChainError>> FindAsync(OutPoint outPoint, int? createdAtHeight, BitcoindNodeInfo node, CancellationToken cancellationToken)
    {
        if (!(await FindNowAsync(outPoint, cancellationToken)).TryGet(out var now, out var error))
            return error;
        if (now.IsKnown)
            return now.Outspend!;

        for (var attempt = 1; ; attempt++)
        {
            var found = await FindInBlocksAsync(outPoint, createdAtHeight, node, cancellationToken);
            if (found.TryGet(out var outspend, out error))
                return outspend;
            if (error.Kind != ChainErrorKind.NotSynced || attempt >= AttemptsMax)
                return error;
        }
    }

    /// <summary>Unspent, or spent in the mempool.</summary>
    private async ValueTask<Result<(bool IsKnown, Outspend? Outspend), ChainError>> FindNowAsync(OutPoint outPoint, CancellationToken cancellationToken)
    {
        var query = new JsonArray(new JsonObject { ["txid"] = outPoint.TxId.ToString(), ["vout"] = outPoint.Index });
        RpcCall[] calls = [new("gettxout", outPoint.TxId.ToString(), outPoint.Index, true), new("gettxspendingprevout", query)];
        if (!(await queries.BatchAsync(calls, cancellationToken)).TryGet(out var replies, out var error))
            return error;
        for (var i = 0; i < replies.Length; i++)
        {
            if (replies[i].Fault is { } fault)
                return BitcoindQueries.Unexpected(calls[i].Method, fault);
        }

        if (replies[0].Result.ValueKind == JsonValueKind.Object)
            return (true, new Outspend(null, -1, null));
        if (replies[1].Result.ValueKind != JsonValueKind.Array || replies[1].Result.GetArrayLength() != 1)
            return BitcoindQueries.Garbage("gettxspendingprevout");
        if (!replies[1].Result[0].TryMember("spendingtxid", JsonValueKind.String, out var spender))
            return (false, null);
        if (!spender.TryTxId(out var spenderId))
            return BitcoindQueries.Garbage("gettxspendingprevout");
        if (!(await queries.GetTransactionAsync(spenderId, cancellationToken)).TryGet(out var transaction, out error))
            return error.Kind == ChainErrorKind.NotFound ? (false, null) : error;

        // With an index it may be in a block by now; the search in blocks then knows the height.
        var input = InputThatSpends(transaction.Transaction, outPoint);
        return transaction.Block is null && input >= 0 ? (true, new Outspend(transaction.Transaction, input, null)) : (false, null);
    }

    private async ValueTask<Result<Outspend, ChainError>> FindInBlocksAsync(OutPoint outPoint, int? createdAtHeight, BitcoindNodeInfo node, CancellationToken cancellationToken)
    {
        if (!(await queries.GetNodeAsync(cancellationToken)).TryGet(out var state, out var error))
            return error;
        var tip = state.Info.Tip;
        if (!(await LocateAsync(outPoint, createdAtHeight, cancellationToken)).TryGet(out var from, out error))
            return error;

        var blocks = tip.Height - from.Height + 1;
        IReadOnlyList<BlockHash>? relevant = null;
        if (from.Output is { } output)
            relevant = await ScanFiltersAsync(output, from.Height, tip.Height, cancellationToken);
        if (relevant is null && blocks > options.OutspendBlocksMax)
        {
            return new ChainError(
                ChainErrorKind.NotAvailable,
                $"The spender of {outPoint} is somewhere in {blocks} blocks: give the height of the output's block, or let bitcoind keep indexes (txindex=1, blockfilterindex=1).");
        }

        var exists = from.Output is not null;
        for (var i = 0; relevant is null ? i < blocks : i < relevant.Count; i++)
        {
            BlockHash hash;
            if (relevant is not null)
                hash = relevant[i];
            else if (!(await queries.GetHashAsync(from.Height + i, cancellationToken)).TryGet(out hash, out error))
                return error.Kind == ChainErrorKind.NotFound ? Moved() : error;

            if (!(await queries.GetBlockAsync(hash, cancellationToken)).TryGet(out var block, out error))
                return error;
            foreach (var transaction in block.Transactions)
            {
                exists |= transaction.TxId == outPoint.TxId && outPoint.Index < transaction.OutputCount;
                var input = InputThatSpends(transaction, outPoint);
                if (input < 0)
                    continue;
                if (!(await queries.GetActiveHeightAsync(hash, cancellationToken)).TryGet(out var height, out error))
                    return error.Kind == ChainErrorKind.NotFound ? Moved() : error;
                return new Outspend(transaction, input, height);
            }
        }

        // Nothing spends it up to the tip that was read, and it is not unspent: the chain moved, or nobody can spend it, or it never was.
        if (!(await queries.GetHashAsync(tip.Height, cancellationToken)).TryGet(out var still, out error) || still != tip.Hash)
            return Moved();
        if (exists)
            return new Outspend(null, -1, null);
        return node.IsPruned && from.Height == 0
            ? new ChainError(ChainErrorKind.NotAvailable, $"{outPoint} is not in the blocks that this pruned node still has.")
            : new ChainError(ChainErrorKind.NotFound, $"There is no output {outPoint}.");
    }

    /// <summary>Where to begin: the output's own block where an index or the caller knows it, else the chain's start.</summary>
    private async ValueTask<Result<(int Height, TxOut? Output), ChainError>> LocateAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken)
    {
        if ((await queries.GetTransactionAsync(outPoint.TxId, cancellationToken)).TryGet(out var found, out var error))
        {
            if (outPoint.Index >= found.Transaction.OutputCount)
                return new ChainError(ChainErrorKind.NotFound, $"Transaction {outPoint.TxId} has {found.Transaction.OutputCount} outputs.");
            if (found.Block is { } hash)
                return (await queries.GetActiveHeightAsync(hash, cancellationToken)).Then<(int, TxOut?)>(height => (height, found.Transaction.Output((int)outPoint.Index)));
            return Moved();
        }

        if (error.Kind != ChainErrorKind.NotFound)
            return error;
        return (Math.Max(0, createdAtHeight ?? 0), null);
    }

    /// <summary>The blocks whose filters match the output's script, or null where the node has no filters or is busy with another scan.</summary>
    private async ValueTask<IReadOnlyList<BlockHash>?> ScanFiltersAsync(TxOut output, int fromHeight, int toHeight, CancellationToken cancellationToken)
    {
        // Scripts of unspendable outputs are in no filter.
        if (output.ScriptPubKey.IsEmpty)
            return null;
        var call = new RpcCall("scanblocks", "start", new JsonArray($"raw({output.ScriptPubKey.ToHex()})"), fromHeight, toHeight) { AnswerBytesMax = 8 << 20 };
        var answer = await queries.CallAsync(call, cancellationToken);
        if (!answer.TryGet(out var reply, out _)
            || !reply.Result.TryFlag("completed", out var completed)
            || !completed
            || !reply.Result.TryMember("relevant_blocks", JsonValueKind.Array, out var blocks))
            return null;

        var hashes = new List<BlockHash>();
        foreach (var element in blocks.EnumerateArray())
        {
            if (!element.TryBlockHash(out var hash))
                return null;
            hashes.Add(hash);
        }

        return hashes;
    }

    private static int InputThatSpends(Transaction transaction, OutPoint outPoint)
    {
        for (var i = 0; i < transaction.InputCount; i++)
        {
            if (transaction.PreviousOutput(i) == outPoint)
                return i;
        }

        return -1;
    }

    private static ChainError Moved() => new(ChainErrorKind.NotSynced, "The chain changed during the search.");
}
