using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Chain.Embedded;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Simulation.Tests.Chain;

/// <summary>
/// What one node's chain source has heard so far: blocks come when the world lets them, each node at its own pace; transactions reach the one
/// mempool at once. Answers come within the call.
/// </summary>
internal sealed class ChainView(SimulatedChain chain, Action<Transaction> broadcasts, Action<TxId, string> refused) : IChainSource
{
    private readonly List<Block> _known = [.. chain.Active];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BitcoinNetwork Network => BitcoinNetwork.Regtest;

    public ChainStatus Status => new(IsSynced: true, Tip, null);

    internal ChainTip Tip => new(_known.Count - 1, _known[^1].Hash);

    /// <summary>Blocks that it has not heard of.</summary>
    internal int Behind => Math.Max(chain.Height - (_known.Count - 1), IsOnActive ? 0 : 1);

    internal bool IsAtTip => Tip.Hash == chain.Active[^1].Hash;

    /// <summary>The source is away: nothing gets an answer.</summary>
    internal bool IsAway => AwaySince is not null;

    /// <summary>The height at which the source went away; null while it is there.</summary>
    internal int? AwaySince { get; private set; }

    /// <summary>The source goes away, or comes back.</summary>
    internal void Away(bool isAway) => AwaySince = isAway ? AwaySince ?? chain.Height : null;

    /// <summary>What the next block costs.</summary>
    internal FeeratePerKw Feerate { get; set; } = new(1_000);

    private bool IsOnActive => _known.Count <= chain.Active.Count && chain.Active[_known.Count - 1].Hash == _known[^1].Hash;

    /// <summary>Hears of one more block, or of one that is gone.</summary>
    internal void Step()
    {
        if (IsAtTip)
            return;
        if (IsOnActive)
            _known.Add(chain.Active[_known.Count]);
        else
            _known.RemoveAt(_known.Count - 1);
        Pulse();
    }

    /// <summary>Wakes who waits for changes.</summary>
    internal void Pulse()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    public ValueTask<Result<ChainTip, ChainError>> GetTipAsync(CancellationToken cancellationToken) => Answer<ChainTip>(() => Tip);

    public ValueTask<Result<BlockHash, ChainError>> GetBlockHashAsync(int height, CancellationToken cancellationToken) =>
        Answer<BlockHash>(() => height < _known.Count ? _known[height].Hash : new ChainError(ChainErrorKind.NotFound, "No such block."));

    public ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken) =>
        Answer<Block>(() => chain.Find(hash) is { } block ? block : new ChainError(ChainErrorKind.NotFound, "No such block."));

    public async IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = from ?? new ChainTip(0, _known[0].Hash);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (position.Height >= _known.Count || _known[position.Height].Hash != position.Hash)
            {
                var gone = chain.Find(position.Hash)!;
                yield return new ChainEvent.Disconnected(position.Height, gone);
                position = new ChainTip(position.Height - 1, gone.Header.PreviousBlock);
            }
            else if (position.Height + 1 < _known.Count)
            {
                var next = _known[position.Height + 1];
                yield return new ChainEvent.Connected(position.Height + 1, next);
                position = new ChainTip(position.Height + 1, next.Hash);
            }
            else
            {
                await _changed.Task;
            }
        }
    }

    public async IAsyncEnumerable<MempoolEvent> FollowMempoolAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new PoolFollower();
        while (true)
        {
            var changed = _changed.Task;
            foreach (var one in follower.Next(chain.Engine))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return one;
            }

            await changed;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public ValueTask<Result<MempoolVerdict, ChainError>> TestAcceptAsync(Transaction transaction, CancellationToken cancellationToken) =>
        Answer<MempoolVerdict>(() => chain.Refuse([transaction]) is { } reason
            ? new MempoolVerdict(transaction.TxId, IsAccepted: false, reason, null)
            : chain.Engine.Test(transaction, chain.Now));

    public ValueTask<Result<MempoolVerdict, ChainError>> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        broadcasts(transaction);
        return Answer<MempoolVerdict>(() =>
        {
            var verdict = chain.Refuse([transaction]) is { } reason && !chain.Engine.Pool.Contains(transaction.TxId)
                ? new MempoolVerdict(transaction.TxId, IsAccepted: false, reason, null)
                : chain.Engine.Broadcast(transaction, chain.Now);
            if (!verdict.IsAccepted)
                refused(transaction.TxId, verdict.RejectReason ?? "no reason");
            return verdict;
        });
    }

    public ValueTask<Result<PackageVerdict, ChainError>> BroadcastPackageAsync(IReadOnlyList<Transaction> package, CancellationToken cancellationToken)
    {
        foreach (var transaction in package)
            broadcasts(transaction);
        return Answer<PackageVerdict>(() =>
        {
            var verdict = chain.Refuse(package) is { } reason
                ? new PackageVerdict(IsAccepted: false, reason, [])
                : chain.Engine.BroadcastPackage(package, chain.Now);
            if (!verdict.IsAccepted)
                refused(package[^1].TxId, $"as a package: {verdict.Reason}");
            return verdict;
        });
    }

    public ValueTask<Result<FeeratePerKvB, ChainError>> EstimateFeeAsync(int targetBlocks, CancellationToken cancellationToken) =>
        Answer<FeeratePerKvB>(() => new FeeratePerKvB(Math.Max(chain.Minimum.Value, (targetBlocks <= 2 ? Feerate.Value : targetBlocks <= 6 ? Feerate.Value * 3 / 4 : Feerate.Value / 3) * 4)));

    public ValueTask<Result<FeeratePerKvB, ChainError>> GetMempoolMinimumAsync(CancellationToken cancellationToken) =>
        Answer<FeeratePerKvB>(() => chain.Minimum);

    public ValueTask<Result<UnspentOutput, ChainError>> GetUnspentAsync(OutPoint outPoint, CancellationToken cancellationToken) =>
        Answer<UnspentOutput>(() => chain.Engine.FindUnspent(outPoint) is { } output ? output : new ChainError(ChainErrorKind.NotFound, "No such output."));

    public ValueTask<Result<Outspend, ChainError>> GetOutspendAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken) =>
        Answer<Outspend>(() => new ChainError(ChainErrorKind.NotAvailable, "Nobody asks for it here."));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask<Result<T, ChainError>> Answer<T>(Func<Result<T, ChainError>> answer)
        where T : notnull =>
        ValueTask.FromResult(IsAway ? new ChainError(ChainErrorKind.Unreachable, "The chain source is away.") : answer());
}
