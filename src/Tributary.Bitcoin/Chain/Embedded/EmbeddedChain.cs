using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Storage.Files;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>
/// A regtest chain within this process: full consensus, a mempool with Bitcoin Core's policy, mining on demand or by the clock,
/// reorganisations on demand, one folder. Commands are applied one after the other and made durable in batches; what anyone sees is on disk.
/// Safe to call from many threads.
/// </summary>
public sealed class EmbeddedChain : IChainSource, IFollowedChain
{
    private const int TargetBlocksMax = 1008;

    /// <summary>Blocks mined in one call: a thousand are an hour of testnet, not a reason to hold all others up.</summary>
    private const int BlocksPerCallMax = 100_000;

    private const int BlocksPerCommand = 100;

    private readonly ChainCommands _commands;
    private readonly TimeProvider _time;
    private readonly ChangeSignal _changed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _mining;
    private ChainStatus _status;
    private int _disposed;

    private EmbeddedChain(ChainEngine engine, EmbeddedChainOptions options, TimeProvider time)
    {
        _time = time;
        _status = new ChainStatus(IsSynced: true, engine.Tree.Tip.Position, null);
        _commands = new ChainCommands(engine, AfterCommit);
        _mining = options.Clock is { } clock ? MineByClockAsync(clock, _stop.Token) : Task.CompletedTask;
    }

    public BitcoinNetwork Network => BitcoinNetwork.Regtest;

    public ChainStatus Status => Volatile.Read(ref _status);

    BlockHash IFollowedChain.GenesisHash => Network.GenesisHash;

    Task IFollowedChain.NextChange => _changed.Next;

    private long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Opens the chain of a folder, or begins one that holds the genesis block of regtest.</summary>
    /// <param name="options">Where it is kept and how it is mined.</param>
    /// <param name="time">The clock: block times and the mining clock.</param>
    /// <returns>The chain, or why its folder can't be used: another process has it open, it is damaged, the disk refuses.</returns>
    public static Result<EmbeddedChain, Refusal> Open(EmbeddedChainOptions options, TimeProvider time)
    {
        try
        {
            return Open(options.Path is null ? new MemoryDirectory() : DiskDirectory.Open(options.Path), options, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new Refusal("path", $"{options.Path} can't be opened: {exception.Message}");
        }
    }

    /// <summary>Opens the chain in a given folder.</summary>
    internal static Result<EmbeddedChain, Refusal> Open(IStorageDirectory directory, EmbeddedChainOptions options, TimeProvider time) =>
        ChainEngine.Open(directory, SystemEntropy.Instance).Then<EmbeddedChain>(engine => new EmbeddedChain(engine, options, time));

    /// <summary>Mines blocks on the tip, with what the mempool pays best for.</summary>
    /// <param name="count">1 … 100,000.</param>
    /// <param name="payTo">Who gets the subsidies and the fees.</param>
    /// <param name="cancellationToken">Ends the work between blocks.</param>
    /// <returns>The hashes in order.</returns>
    public ValueTask<Result<BlockHash[], ChainError>> MineAsync(int count, Script payTo, CancellationToken cancellationToken) =>
        MineAsync(count, engine => engine.Mine(payTo, Now).Hash, cancellationToken);

    /// <summary>
    /// Mines empty blocks on top of any known block: a competing branch, which takes over as soon as it is the longest. Transactions of blocks
    /// that are thereby disconnected go back to the mempool.
    /// </summary>
    public async ValueTask<Result<BlockHash[], ChainError>> MineOnAsync(BlockHash parent, int count, Script payTo, CancellationToken cancellationToken)
    {
        var tip = parent;
        if ((await RunAsync<BlockVerdict>(engine => Find(engine, parent).Then<BlockVerdict>(static _ => new BlockVerdict(true, null)), cancellationToken)) is { IsOk: false } unknown)
            return unknown.Error;
        return await MineAsync(count, engine => tip = engine.MineOn(Find(engine, tip).Value, payTo, Now).Hash, cancellationToken);
    }

    /// <summary>Replaces the last blocks by as many empty ones and one more.</summary>
    /// <param name="depth">Blocks to replace; fewer than the chain has.</param>
    /// <param name="payTo">Who gets the subsidies.</param>
    /// <param name="cancellationToken">Ends the work between blocks.</param>
    public async ValueTask<Result<BlockHash[], ChainError>> ReorganiseAsync(int depth, Script payTo, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        var fork = await ReadAsync<ChainTip>(
            engine => engine.Tree.ActiveAt(engine.Tree.Tip.Height - depth) is { } node
                ? node.Position
                : new ChainError(ChainErrorKind.NotFound, $"The chain has {engine.Tree.Tip.Height} blocks, {depth} can't be replaced."),
            cancellationToken);
        return fork.TryGet(out var position, out var error) ? await MineOnAsync(position.Hash, depth + 1, payTo, cancellationToken) : error;
    }

    /// <summary>Takes in a block that was mined elsewhere.</summary>
    public ValueTask<Result<BlockVerdict, ChainError>> SubmitBlockAsync(Block block, CancellationToken cancellationToken) =>
        RunAsync<BlockVerdict>(engine => engine.Submit(block, Now), cancellationToken);

    /// <summary>Gives up a block and all after it, as if it were invalid. The genesis block stays.</summary>
    public ValueTask<Result<ChainTip, ChainError>> InvalidateAsync(BlockHash hash, CancellationToken cancellationToken) =>
        RunAsync<ChainTip>(
            engine =>
            {
                if (!Find(engine, hash).TryGet(out var node, out var error))
                    return error;
                if (node.Parent is null)
                    return new ChainError(ChainErrorKind.NotFound, "Every chain begins with the genesis block.");
                engine.Invalidate(node, Now);
                return engine.Tree.Tip.Position;
            },
            cancellationToken);

    /// <summary>Takes <see cref="InvalidateAsync"/> back.</summary>
    public ValueTask<Result<ChainTip, ChainError>> ReconsiderAsync(BlockHash hash, CancellationToken cancellationToken) =>
        RunAsync<ChainTip>(
            engine =>
            {
                if (!Find(engine, hash).TryGet(out var node, out var error))
                    return error;
                engine.Reconsider(node, Now);
                return engine.Tree.Tip.Position;
            },
            cancellationToken);

    /// <summary>What waits for a block.</summary>
    public ValueTask<Result<PoolTransaction[], ChainError>> GetMempoolAsync(CancellationToken cancellationToken) =>
        ReadAsync<PoolTransaction[]>(
            static engine => engine.Pool.Entries
                .Select(static entry => new PoolTransaction(entry.Transaction, entry.Fee, entry.VirtualSize, DateTimeOffset.FromUnixTimeSeconds(entry.EnteredAt)))
                .ToArray(),
            cancellationToken);

    public ValueTask<Result<ChainTip, ChainError>> GetTipAsync(CancellationToken cancellationToken) =>
        ReadAsync<ChainTip>(static engine => engine.Tree.Tip.Position, cancellationToken);

    public ValueTask<Result<BlockHash, ChainError>> GetBlockHashAsync(int height, CancellationToken cancellationToken) =>
        ReadAsync<BlockHash>(
            engine => engine.Tree.ActiveAt(height) is { } node ? node.Hash : new ChainError(ChainErrorKind.NotFound, $"The active chain has no block at height {height}."),
            cancellationToken);

    public ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken) =>
        ReadAsync<Block>(engine => Find(engine, hash).Then<Block>(node => engine.Tree.Read(node)), cancellationToken);

    ValueTask<Result<BlockHash[], ChainError>> IFollowedChain.GetActiveHashesAsync(int fromHeight, int countMax, CancellationToken cancellationToken) =>
        ReadAsync<BlockHash[]>(
            engine => Enumerable.Range(fromHeight, countMax).Select(engine.Tree.ActiveAt).TakeWhile(static node => node is not null).Select(static node => node!.Hash).ToArray(),
            cancellationToken);

    /// <summary>A position that this chain does not know ends the stream at once: it will not come.</summary>
    public IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, CancellationToken cancellationToken) =>
        new ChainFollower(this, TimeSpan.Zero, RetryBounds.Default, _time).FollowAsync(from, cancellationToken);

    public async IAsyncEnumerable<MempoolEvent> FollowMempoolAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new PoolFollower();
        while (true)
        {
            var changed = _changed.Next;
            if (!(await ReadAsync<MempoolEvent[]>(engine => follower.Next(engine), cancellationToken)).TryGet(out var events, out var error))
                throw new ChainSourceLostException(error);
            foreach (var one in events)
                yield return one;
            if (events.Length == 0)
                await changed.WaitAsync(cancellationToken);
        }
    }

    public ValueTask<Result<MempoolVerdict, ChainError>> TestAcceptAsync(Transaction transaction, CancellationToken cancellationToken) =>
        ReadAsync<MempoolVerdict>(engine => engine.Test(transaction, Now), cancellationToken);

    public ValueTask<Result<MempoolVerdict, ChainError>> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken) =>
        RunAsync<MempoolVerdict>(engine => engine.Broadcast(transaction, Now), cancellationToken);

    public async ValueTask<Result<PackageVerdict, ChainError>> BroadcastPackageAsync(IReadOnlyList<Transaction> package, CancellationToken cancellationToken) =>
        PackageShape.Refuse(package) is { } refused
            ? refused
            : await RunAsync<PackageVerdict>(engine => engine.BroadcastPackage(package, Now), cancellationToken);

    /// <summary>The feerate that gets into one of the next blocks, given what waits now: this chain knows all its competition.</summary>
    public ValueTask<Result<FeeratePerKvB, ChainError>> EstimateFeeAsync(int targetBlocks, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetBlocks);
        return ReadAsync<FeeratePerKvB>(engine => engine.EstimateFeerate(Math.Min(targetBlocks, TargetBlocksMax), Now), cancellationToken);
    }

    public ValueTask<Result<FeeratePerKvB, ChainError>> GetMempoolMinimumAsync(CancellationToken cancellationToken) =>
        ReadAsync<FeeratePerKvB>(engine => engine.MinimumFeerate(Now), cancellationToken);

    public ValueTask<Result<UnspentOutput, ChainError>> GetUnspentAsync(OutPoint outPoint, CancellationToken cancellationToken) =>
        ReadAsync<UnspentOutput>(
            engine => engine.FindUnspent(outPoint) is { } output ? output : new ChainError(ChainErrorKind.NotFound, $"There is no unspent output {outPoint}."),
            cancellationToken);

    public ValueTask<Result<Outspend, ChainError>> GetOutspendAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken) =>
        ReadAsync<Outspend>(
            engine => engine.FindOutspend(outPoint) is { } outspend ? outspend : new ChainError(ChainErrorKind.NotFound, $"There is no output {outPoint}."),
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _stop.CancelAsync();
        await _mining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _commands.DisposeAsync();
        Volatile.Write(ref _status, _status with { IsSynced = false, Problem = "The chain is closed." });
        _changed.Pulse();
        _stop.Dispose();
    }

    private static Result<BlockNode, ChainError> Find(ChainEngine engine, BlockHash hash) =>
        engine.Tree.TryFind(hash, out var node) ? node : new ChainError(ChainErrorKind.NotFound, $"There is no block {hash}.");

    private async ValueTask<Result<BlockHash[], ChainError>> MineAsync(int count, Func<ChainEngine, BlockHash> mine, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, BlocksPerCallMax);
        var hashes = new List<BlockHash>();
        while (hashes.Count < count)
        {
            var next = Math.Min(BlocksPerCommand, count - hashes.Count);
            var mined = await RunAsync<BlockHash[]>(engine => Enumerable.Range(0, next).Select(_ => mine(engine)).ToArray(), cancellationToken);
            if (!mined.TryGet(out var some, out var error))
                return error;
            hashes.AddRange(some);
        }

        return hashes.ToArray();
    }

    private async Task MineByClockAsync(MiningClock clock, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(clock.Interval, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            // A failure shows in the status; the next tick tries again until the chain is closed.
            _ = await MineAsync(1, clock.PayTo, cancellationToken);
        }
    }

    private void AfterCommit(ChainEngine engine, ChainError? failure)
    {
        Volatile.Write(ref _status, failure is null
            ? new ChainStatus(IsSynced: true, engine.Tree.Tip.Position, null)
            : _status with { IsSynced = false, Problem = failure.Reason });
        _changed.Pulse();
    }

    private ValueTask<Result<T, ChainError>> ReadAsync<T>(Func<ChainEngine, Result<T, ChainError>> read, CancellationToken cancellationToken)
        where T : notnull =>
        _commands.ReadAsync(read, cancellationToken);

    private ValueTask<Result<T, ChainError>> RunAsync<T>(Func<ChainEngine, Result<T, ChainError>> run, CancellationToken cancellationToken)
        where T : notnull =>
        _commands.RunAsync(run, cancellationToken);
}
