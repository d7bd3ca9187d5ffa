using System.Text.Json;
using System.Text.Json.Nodes;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>bitcoind's answers as our types. An answer of another shape is a <see cref="ChainErrorKind.BadAnswer"/>.</summary>
internal sealed class BitcoindQueries(BitcoindRpcClient rpc)
{
    /// <summary>A block of four million bytes in hex, and the envelope.</summary>
    internal const int BlockAnswerBytesMax = 9_000_000;

    /// <summary>A million transactions in the mempool.</summary>
    private const int MempoolAnswerBytesMax = 80_000_000;

    private const int TransactionsPerQuery = 16;

    internal static ChainError Garbage(string method) =>
        new(ChainErrorKind.BadAnswer, $"bitcoind answered {method} with something else than this version of the program understands.");

    internal static ChainError Unexpected(string method, RpcFault fault) => fault.Code switch
    {
        RpcFault.NotFound or RpcFault.InvalidParameter => new ChainError(ChainErrorKind.NotFound, $"{method}: {fault}"),
        RpcFault.Misc => new ChainError(ChainErrorKind.NotAvailable, $"{method}: {fault}"),
        RpcFault.MethodNotFound => new ChainError(ChainErrorKind.NotAvailable, $"This bitcoind has no {method}: use version 28 or later."),
        _ => new ChainError(ChainErrorKind.BadAnswer, $"{method}: {fault}"),
    };

    /// <summary>The genesis block's hash and the state of the chain.</summary>
    internal async ValueTask<Result<(BlockHash Genesis, BitcoindNodeInfo Info), ChainError>> GetNodeAsync(CancellationToken cancellationToken)
    {
        if (!(await rpc.BatchAsync([new RpcCall("getblockhash", 0), new RpcCall("getblockchaininfo")], cancellationToken)).TryGet(out var replies, out var error))
            return error;
        if (replies[0].Fault is { } fault)
            return Unexpected("getblockhash", fault);
        if (!replies[0].Result.TryBlockHash(out var genesis))
            return Garbage("getblockhash");
        return ReadInfo(replies[1]).Then<(BlockHash, BitcoindNodeInfo)>(info => (genesis, info));
    }

    /// <summary>Hashes of the active chain from a height upward, and the state of the chain after them.</summary>
    internal async ValueTask<Result<(BlockHash[] Hashes, BitcoindNodeInfo Info), ChainError>> GetHashesAsync(int fromHeight, int countMax, CancellationToken cancellationToken)
    {
        var calls = new RpcCall[countMax + 1];
        for (var i = 0; i < countMax; i++)
            calls[i] = new RpcCall("getblockhash", fromHeight + i);
        calls[countMax] = new RpcCall("getblockchaininfo");
        if (!(await rpc.BatchAsync(calls, cancellationToken)).TryGet(out var replies, out var error))
            return error;

        var hashes = new List<BlockHash>();
        foreach (var reply in replies.AsSpan(0, countMax))
        {
            // Past the tip.
            if (reply.Fault is { Code: RpcFault.InvalidParameter })
                break;
            if (reply.Fault is { } fault)
                return Unexpected("getblockhash", fault);
            if (!reply.Result.TryBlockHash(out var hash))
                return Garbage("getblockhash");
            hashes.Add(hash);
        }

        return ReadInfo(replies[countMax]).Then<(BlockHash[], BitcoindNodeInfo)>(info => ([.. hashes], info));
    }

    internal async ValueTask<Result<BlockHash, ChainError>> GetHashAsync(int height, CancellationToken cancellationToken)
    {
        if (!(await rpc.CallAsync(new RpcCall("getblockhash", height), cancellationToken)).TryGet(out var reply, out var error))
            return error;
        if (reply.Fault is { Code: RpcFault.InvalidParameter })
            return new ChainError(ChainErrorKind.NotFound, $"The active chain has no block at height {height}.");
        if (reply.Fault is { } fault)
            return Unexpected("getblockhash", fault);
        return reply.Result.TryBlockHash(out var hash) ? hash : Garbage("getblockhash");
    }

    internal async ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken)
    {
        var call = new RpcCall("getblock", hash.ToString(), 0) { AnswerBytesMax = BlockAnswerBytesMax };
        if (!(await rpc.CallAsync(call, cancellationToken)).TryGet(out var reply, out var error))
            return error;
        if (reply.Fault is { Code: RpcFault.NotFound })
            return new ChainError(ChainErrorKind.NotFound, $"bitcoind does not know block {hash}.");
        if (reply.Fault is { Code: RpcFault.Misc } missing)
            return new ChainError(ChainErrorKind.NotAvailable, $"bitcoind has the header of block {hash} but not the block: {missing.Message}");
        if (reply.Fault is { } fault)
            return Unexpected("getblock", fault);
        if (!reply.Result.TryBytes(out var bytes) || !Block.Parse(bytes).TryGet(out var block) || block.Hash != hash)
            return Garbage("getblock");
        return block;
    }

    /// <summary>A block's transaction ids, height and parent.</summary>
    internal async ValueTask<Result<BlockSummary, ChainError>> GetBlockSummaryAsync(BlockHash hash, CancellationToken cancellationToken)
    {
        var call = new RpcCall("getblock", hash.ToString(), 1) { AnswerBytesMax = BlockAnswerBytesMax };
        if (!(await rpc.CallAsync(call, cancellationToken)).TryGet(out var reply, out var error))
            return error;
        if (reply.Fault is { } fault)
            return Unexpected("getblock", fault);
        if (!reply.Result.TryInt32("height", out var height) || height < 0 || !reply.Result.TryMember("tx", JsonValueKind.Array, out var ids))
            return Garbage("getblock");

        var transactions = new List<TxId>();
        foreach (var element in ids.EnumerateArray())
        {
            if (!element.TryTxId(out var id))
                return Garbage("getblock");
            transactions.Add(id);
        }

        BlockHash parent = default;
        if (height > 0 && !(reply.Result.TryMember("previousblockhash", JsonValueKind.String, out var previous) && previous.TryBlockHash(out parent)))
            return Garbage("getblock");
        return new BlockSummary(new ChainTip(height, hash), parent, transactions);
    }

    internal async ValueTask<Result<BlockHash, ChainError>> GetBestHashAsync(CancellationToken cancellationToken)
    {
        if (!(await rpc.CallAsync(new RpcCall("getbestblockhash"), cancellationToken)).TryGet(out var reply, out var error))
            return error;
        if (reply.Fault is { } fault)
            return Unexpected("getbestblockhash", fault);
        return reply.Result.TryBlockHash(out var hash) ? hash : Garbage("getbestblockhash");
    }

    /// <summary>The ids in the mempool and the running number of its changes at that moment.</summary>
    internal async ValueTask<Result<(HashSet<TxId> Ids, ulong Number), ChainError>> GetMempoolAsync(CancellationToken cancellationToken)
    {
        var call = new RpcCall("getrawmempool", false, true) { AnswerBytesMax = MempoolAnswerBytesMax };
        if (!(await rpc.CallAsync(call, cancellationToken)).TryGet(out var reply, out var error))
            return error;
        if (reply.Fault is { } fault)
            return Unexpected("getrawmempool", fault);
        if (!reply.Result.TryMember("txids", JsonValueKind.Array, out var ids) || !reply.Result.TryUInt64("mempool_sequence", out var number))
            return Garbage("getrawmempool");

        var set = new HashSet<TxId>();
        foreach (var element in ids.EnumerateArray())
        {
            if (!element.TryTxId(out var id))
                return Garbage("getrawmempool");
            set.Add(id);
        }

        return (set, number);
    }

    /// <summary>True for each id that is in the mempool.</summary>
    internal async ValueTask<Result<bool[], ChainError>> AreInMempoolAsync(IReadOnlyList<TxId> ids, CancellationToken cancellationToken)
    {
        var present = new bool[ids.Count];
        if (ids.Count == 0)
            return present;
        if (!(await rpc.BatchAsync([.. ids.Select(static id => new RpcCall("getmempoolentry", id.ToString()))], cancellationToken)).TryGet(out var replies, out var error))
            return error;
        for (var i = 0; i < present.Length; i++)
        {
            if (replies[i].Fault is { } fault && fault.Code != RpcFault.NotFound)
                return Unexpected("getmempoolentry", fault);
            present[i] = replies[i].IsOk;
        }

        return present;
    }

    /// <summary>Transactions of the mempool, parents first where both are asked for; those that are no longer there are left out.</summary>
    internal async IAsyncEnumerable<Result<Transaction, ChainError>> GetMempoolTransactionsAsync(
        IReadOnlyList<TxId> ids,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var chunk in ids.Chunk(TransactionsPerQuery))
        {
            var calls = new List<RpcCall>();
            foreach (var id in chunk)
            {
                calls.Add(new RpcCall("getmempoolentry", id.ToString()));
                calls.Add(new RpcCall("getrawtransaction", id.ToString(), 0) { AnswerBytesMax = BlockAnswerBytesMax });
            }

            if (!(await rpc.BatchAsync(calls, cancellationToken)).TryGet(out var replies, out var error))
            {
                yield return error;
                yield break;
            }

            for (var i = 0; i < chunk.Length; i++)
            {
                // With an index, getrawtransaction answers for confirmed ones too: the entry says whether it is in the mempool.
                if (replies[2 * i].Fault is { Code: RpcFault.NotFound } || replies[(2 * i) + 1].Fault is { Code: RpcFault.NotFound })
                    continue;
                if ((replies[2 * i].Fault ?? replies[(2 * i) + 1].Fault) is { } fault)
                    yield return Unexpected("getrawtransaction", fault);
                else if (replies[(2 * i) + 1].Result.TryBytes(out var bytes) && Transaction.Parse(bytes).TryGet(out var transaction) && transaction.TxId == chunk[i])
                    yield return transaction;
                else
                    yield return Garbage("getrawtransaction");
            }
        }
    }

    /// <summary>One transaction from the mempool or, where the node has an index, from a block; with the block's hash. NotFound otherwise.</summary>
    internal async ValueTask<Result<(Transaction Transaction, BlockHash? Block), ChainError>> GetTransactionAsync(TxId id, CancellationToken cancellationToken)
    {
        var call = new RpcCall("getrawtransaction", id.ToString(), 1) { AnswerBytesMax = 2 * BlockAnswerBytesMax };
        if (!(await rpc.CallAsync(call, cancellationToken)).TryGet(out var reply, out var error))
            return error;
        if (reply.Fault is { Code: RpcFault.NotFound or RpcFault.Misc })
            return new ChainError(ChainErrorKind.NotFound, $"bitcoind does not know transaction {id}, or has no index (txindex=1) to find it in a block.");
        if (reply.Fault is { } fault)
            return Unexpected("getrawtransaction", fault);
        if (!reply.Result.TryMember("hex", JsonValueKind.String, out var hex)
            || !hex.TryBytes(out var bytes)
            || !Transaction.Parse(bytes).TryGet(out var transaction)
            || transaction.TxId != id)
            return Garbage("getrawtransaction");
        BlockHash? block = null;
        if (reply.Result.TryMember("blockhash", JsonValueKind.String, out var blockElement))
        {
            if (!blockElement.TryBlockHash(out var hash))
                return Garbage("getrawtransaction");
            block = hash;
        }

        return (transaction, block);
    }

    /// <summary>A block's height, or NotFound where it is not on the active chain.</summary>
    internal async ValueTask<Result<int, ChainError>> GetActiveHeightAsync(BlockHash hash, CancellationToken cancellationToken) =>
        (await GetHeaderAsync(hash, cancellationToken)).Then<int>(header =>
            header.IsActive ? header.Height : new ChainError(ChainErrorKind.NotFound, $"Block {hash} is not on the active chain."));

    /// <summary>A known block's height and whether it is on the active chain.</summary>
    internal async ValueTask<Result<(int Height, bool IsActive), ChainError>> GetHeaderAsync(BlockHash hash, CancellationToken cancellationToken)
    {
        if (!(await rpc.CallAsync(new RpcCall("getblockheader", hash.ToString()), cancellationToken)).TryGet(out var reply, out var error))
            return error;
        if (reply.Fault is { } fault)
            return Unexpected("getblockheader", fault);
        return reply.Result.TryInt32("height", out var height) && height >= 0 && reply.Result.TryInt32("confirmations", out var confirmations)
            ? (height, confirmations >= 0)
            : Garbage("getblockheader");
    }

    internal ValueTask<Result<RpcReply, ChainError>> CallAsync(RpcCall call, CancellationToken cancellationToken) => rpc.CallAsync(call, cancellationToken);

    internal ValueTask<Result<RpcReply[], ChainError>> BatchAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken) => rpc.BatchAsync(calls, cancellationToken);

    internal static JsonArray HexArray(IEnumerable<Transaction> transactions) => [.. transactions.Select(static transaction => (JsonNode?)transaction.ToHex())];

    private static Result<BitcoindNodeInfo, ChainError> ReadInfo(RpcReply reply)
    {
        if (reply.Fault is { } fault)
            return Unexpected("getblockchaininfo", fault);
        var info = reply.Result;
        return info.TryInt32("blocks", out var blocks)
            && blocks >= 0
            && info.TryInt32("headers", out var headers)
            && info.TryMember("bestblockhash", JsonValueKind.String, out var best)
            && best.TryBlockHash(out var tip)
            && info.TryFlag("initialblockdownload", out var initialDownload)
            && info.TryFlag("pruned", out var pruned)
                ? new BitcoindNodeInfo(new ChainTip(blocks, tip), headers, initialDownload, pruned)
                : Garbage("getblockchaininfo");
    }
}
