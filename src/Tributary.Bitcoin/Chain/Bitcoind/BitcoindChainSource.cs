using System.Text.Json;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>
/// A bitcoind (version 28 or later) as a chain source: questions by RPC, notifications by ZMQ where the node publishes them and by
/// polling where it does not. The node is trusted for what it says; it is checked to be on the right network.
/// </summary>
public sealed class BitcoindChainSource : IChainSource, IFollowedChain
{
    /// <summary>No test of ours bounds the fee: a bumped closing transaction pays what it must.</summary>
    private const int AnyFeerate = 0;

    /// <summary>What an output that nobody can spend may burn: nothing is refused for it.</summary>
    private const int AnyBurn = 21_000_000;

    /// <summary>"Known from a recent block" goes this deep where the node has no index.</summary>
    private const int RecentBlocks = 10;

    private readonly BitcoindOptions _options;
    private readonly TimeProvider _time;
    private readonly BitcoindRpcClient _rpc;
    private readonly BitcoindQueries _queries;
    private readonly NodeMonitor _monitor;
    private readonly OutspendSearch _outspends;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watch;
    private int _disposed;

    private BitcoindChainSource(BitcoindOptions options, TimeProvider time, HttpMessageHandler? handler)
    {
        _options = options;
        _time = time;
        _rpc = new BitcoindRpcClient(options.RpcAddress, options.Credentials, options.Retries, options.RequestTimeout, time, handler);
        _queries = new BitcoindQueries(_rpc);
        _monitor = new NodeMonitor(_queries, options, time);
        _outspends = new OutspendSearch(_queries, options);
        _watch = WatchAsync(_stop.Token);
    }

    public BitcoinNetwork Network => _options.Network;

    public ChainStatus Status => _disposed == 0 ? _monitor.Status : _monitor.Status with { IsSynced = false, Problem = "The chain source is closed." };

    BlockHash IFollowedChain.GenesisHash => Network.GenesisHash;

    Task IFollowedChain.NextChange => _monitor.NextChange;

    /// <summary>Begins to watch a bitcoind. Never fails: a node that is away shows in <see cref="Status"/> and is picked up when it comes.</summary>
    /// <param name="options">Where it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">Carries the requests; null for the platform's.</param>
    public static BitcoindChainSource Start(BitcoindOptions options, TimeProvider time, HttpMessageHandler? handler = null) => new(options, time, handler);

    public async ValueTask<Result<ChainTip, ChainError>> GetTipAsync(CancellationToken cancellationToken) =>
        (await OpenAsync(_monitor.AskAsync, cancellationToken)).Then<ChainTip>(static info => info.Tip);

    public async ValueTask<Result<BlockHash, ChainError>> GetBlockHashAsync(int height, CancellationToken cancellationToken)
    {
        if (height < 0)
            return new ChainError(ChainErrorKind.NotFound, "Heights begin at 0.");
        return (await OpenAsync(_monitor.GetReadyAsync, cancellationToken)).TryGet(out _, out var error) ? await _queries.GetHashAsync(height, cancellationToken) : error;
    }

    public async ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken) =>
        IsClosed(out var closed) ? closed : await _queries.GetBlockAsync(hash, cancellationToken);

    async ValueTask<Result<BlockHash[], ChainError>> IFollowedChain.GetActiveHashesAsync(int fromHeight, int countMax, CancellationToken cancellationToken)
    {
        if (IsClosed(out var error))
            return error;
        // While it catches up every block counts, so readiness is not asked for; but a node that is short of a position it once had,
        // and knows of more headers than it has blocks, is about to have them again.
        if (!(await _queries.GetHashesAsync(fromHeight, countMax, cancellationToken)).TryGet(out var answer, out error))
            return error;
        if (answer.Hashes.Length == 0 && answer.Info.Headers > answer.Info.Tip.Height)
            return new ChainError(ChainErrorKind.NotSynced, $"bitcoind at {_options.RpcAddress} is catching up: block {answer.Info.Tip.Height} of {answer.Info.Headers} known headers.");
        return answer.Hashes;
    }

    public IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, CancellationToken cancellationToken) =>
        new ChainFollower(this, _options.OutageMax, _options.Retries, _time).FollowAsync(from, cancellationToken);

    public IAsyncEnumerable<MempoolEvent> FollowMempoolAsync(CancellationToken cancellationToken) =>
        new BitcoindMempoolFollower(_queries, _monitor, _options, _time).FollowAsync(cancellationToken);

    public async ValueTask<Result<MempoolVerdict, ChainError>> TestAcceptAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (!(await OpenAsync(_monitor.GetReadyAsync, cancellationToken)).TryGet(out _, out var error))
            return error;
        if (!(await _queries.CallAsync(TestCall(transaction), cancellationToken)).TryGet(out var reply, out error))
            return error;
        return MempoolAnswers.ReadTest(reply, transaction.TxId);
    }

    public async ValueTask<Result<MempoolVerdict, ChainError>> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (!(await OpenAsync(_monitor.GetReadyAsync, cancellationToken)).TryGet(out _, out var error))
            return error;

        // The test gives the bare reason, the entry the fee; in one request nothing comes between.
        RpcCall[] calls =
        [
            TestCall(transaction),
            new("sendrawtransaction", transaction.ToHex(), AnyFeerate, AnyBurn),
            new("getmempoolentry", transaction.TxId.ToString()),
        ];
        if (!(await _queries.BatchAsync(calls, cancellationToken)).TryGet(out var replies, out error))
            return error;
        if (!MempoolAnswers.ReadSend(replies, transaction.TxId).TryGet(out var verdict, out error))
            return error;
        if (verdict.RejectReason is not MempoolAnswers.MissingInputs)
            return verdict;

        // A transaction whose outputs are spent already looks like one without inputs.
        return (await IsInRecentBlockAsync(transaction.TxId, cancellationToken)).Then<MempoolVerdict>(
            isConfirmed => isConfirmed ? new MempoolVerdict(transaction.TxId, IsAccepted: true, null, null) : verdict);
    }

    public async ValueTask<Result<PackageVerdict, ChainError>> BroadcastPackageAsync(IReadOnlyList<Transaction> package, CancellationToken cancellationToken)
    {
        if (PackageShape.Refuse(package) is { } refused)
            return refused;
        if (!(await OpenAsync(_monitor.GetReadyAsync, cancellationToken)).TryGet(out _, out var error))
            return error;
        var call = new RpcCall("submitpackage", BitcoindQueries.HexArray(package), AnyFeerate, AnyBurn);
        if (!(await _queries.CallAsync(call, cancellationToken)).TryGet(out var reply, out error))
            return error;
        return MempoolAnswers.ReadPackage(reply, package);
    }

    public async ValueTask<Result<FeeratePerKvB, ChainError>> EstimateFeeAsync(int targetBlocks, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetBlocks);
        if (!(await OpenAsync(_monitor.GetReadyAsync, cancellationToken)).TryGet(out _, out var error))
            return error;
        RpcCall[] calls = [new("estimatesmartfee", Math.Min(targetBlocks, MempoolAnswers.TargetBlocksMax)), new("getmempoolinfo")];
        if (!(await _queries.BatchAsync(calls, cancellationToken)).TryGet(out var replies, out error))
            return error;
        return MempoolAnswers.ReadEstimate(replies[0], replies[1]);
    }

    public async ValueTask<Result<FeeratePerKvB, ChainError>> GetMempoolMinimumAsync(CancellationToken cancellationToken)
    {
        if (!(await OpenAsync(_monitor.GetReadyAsync, cancellationToken)).TryGet(out _, out var error))
            return error;
        if (!(await _queries.CallAsync(new RpcCall("getmempoolinfo"), cancellationToken)).TryGet(out var reply, out error))
            return error;
        return MempoolAnswers.ReadMinimum(reply);
    }

    public async ValueTask<Result<UnspentOutput, ChainError>> GetUnspentAsync(OutPoint outPoint, CancellationToken cancellationToken)
    {
        if (!(await OpenAsync(_monitor.GetReadyAsync, cancellationToken)).TryGet(out _, out var error))
            return error;
        if (!(await _queries.CallAsync(new RpcCall("gettxout", outPoint.TxId.ToString(), outPoint.Index, true), cancellationToken)).TryGet(out var reply, out error))
            return error;
        if (reply.Fault is { } fault)
            return BitcoindQueries.Unexpected("gettxout", fault);
        if (reply.Result.ValueKind == JsonValueKind.Null)
            return new ChainError(ChainErrorKind.NotFound, $"There is no unspent output {outPoint}.");

        var output = reply.Result;
        if (!output.TryAmount("value", out var value)
            || !output.TryMember("scriptPubKey", JsonValueKind.Object, out var script)
            || !script.TryMember("hex", JsonValueKind.String, out var hex)
            || !hex.TryBytes(out var bytes)
            || !output.TryInt32("confirmations", out var confirmations)
            || confirmations < 0
            || !output.TryFlag("coinbase", out var isCoinbase)
            || !output.TryMember("bestblock", JsonValueKind.String, out var best)
            || !best.TryBlockHash(out var bestHash))
            return BitcoindQueries.Garbage("gettxout");

        var txOut = new TxOut(value, new Script(bytes));
        if (confirmations == 0)
            return new UnspentOutput(outPoint, txOut, null, isCoinbase);
        // Confirmations count from the tip of that moment.
        return (await _queries.GetHeaderAsync(bestHash, cancellationToken)).Then<UnspentOutput>(
            header => new UnspentOutput(outPoint, txOut, header.Height - confirmations + 1, isCoinbase));
    }

    public async ValueTask<Result<Outspend, ChainError>> GetOutspendAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken) =>
        (await OpenAsync(_monitor.GetReadyAsync, cancellationToken)).TryGet(out var node, out var error)
            ? await _outspends.FindAsync(outPoint, createdAtHeight, node, cancellationToken)
            : error;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync();
        await _watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _rpc.Dispose();
        _monitor.Close();
        _stop.Dispose();
    }

    private static RpcCall TestCall(Transaction transaction) => new("testmempoolaccept", BitcoindQueries.HexArray([transaction]), AnyFeerate);

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        var watches = new List<Task> { _monitor.RunAsync(cancellationToken) };
        if (_options.NotificationAddress is not BitcoindOptions.NoNotifications)
            watches.Add(new ZmqWatch(_queries, _monitor, _options, _time).RunAsync(cancellationToken));
        var ended = await Task.WhenAny(watches);
        if (ended.Exception is { } exception)
            _monitor.Break(exception.GetBaseException());
        await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool IsClosed(out ChainError error)
    {
        error = new ChainError(ChainErrorKind.Closed, "The chain source is closed.");
        return Volatile.Read(ref _disposed) != 0;
    }

    private async ValueTask<Result<BitcoindNodeInfo, ChainError>> OpenAsync(
        Func<CancellationToken, ValueTask<Result<BitcoindNodeInfo, ChainError>>> ask,
        CancellationToken cancellationToken) =>
        IsClosed(out var error) ? error : await ask(cancellationToken);

    private async ValueTask<Result<bool, ChainError>> IsInRecentBlockAsync(TxId id, CancellationToken cancellationToken)
    {
        var indexed = await _queries.GetTransactionAsync(id, cancellationToken);
        if (indexed.TryGet(out var found, out var error))
            return found.Block is { } block && (await _queries.GetActiveHeightAsync(block, cancellationToken)).IsOk;
        if (error.Kind != ChainErrorKind.NotFound)
            return error;

        if (!(await _queries.GetBestHashAsync(cancellationToken)).TryGet(out var cursor, out error))
            return error;
        for (var i = 0; i < RecentBlocks && cursor != default(BlockHash); i++)
        {
            if (!(await _queries.GetBlockSummaryAsync(cursor, cancellationToken)).TryGet(out var summary, out error))
                return error.Kind == ChainErrorKind.NotAvailable ? false : error;
            if (summary.Transactions.Contains(id))
                return true;
            cursor = summary.Parent;
        }

        return false;
    }
}
