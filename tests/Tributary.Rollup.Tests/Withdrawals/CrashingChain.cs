using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Tests.Withdrawals;

/// <summary>A chain behind which the process dies: before or after a transaction was handed in.</summary>
internal sealed class CrashingChain(IChainSource chain) : IChainSource
{
    /// <summary>Dies before the next transaction is handed in.</summary>
    public bool DiesBefore { get; set; }

    /// <summary>Dies after the next transaction was handed in.</summary>
    public bool DiesAfter { get; set; }

    /// <summary>What was handed in.</summary>
    public List<Transaction> HandedIn { get; } = [];

    public BitcoinNetwork Network => chain.Network;

    public ChainStatus Status => chain.Status;

    public ValueTask<Result<ChainTip, ChainError>> GetTipAsync(CancellationToken cancellationToken) => chain.GetTipAsync(cancellationToken);

    public ValueTask<Result<BlockHash, ChainError>> GetBlockHashAsync(int height, CancellationToken cancellationToken) => chain.GetBlockHashAsync(height, cancellationToken);

    public ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken) => chain.GetBlockAsync(hash, cancellationToken);

    public IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, CancellationToken cancellationToken) => chain.FollowAsync(from, cancellationToken);

    public IAsyncEnumerable<MempoolEvent> FollowMempoolAsync(CancellationToken cancellationToken) => chain.FollowMempoolAsync(cancellationToken);

    public ValueTask<Result<MempoolVerdict, ChainError>> TestAcceptAsync(Transaction transaction, CancellationToken cancellationToken) =>
        chain.TestAcceptAsync(transaction, cancellationToken);

    public async ValueTask<Result<MempoolVerdict, ChainError>> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (DiesBefore)
            throw new OperationCanceledException("dies before");
        HandedIn.Add(transaction);
        var verdict = await chain.BroadcastAsync(transaction, cancellationToken);
        return DiesAfter ? throw new OperationCanceledException("dies after") : verdict;
    }

    public ValueTask<Result<PackageVerdict, ChainError>> BroadcastPackageAsync(IReadOnlyList<Transaction> package, CancellationToken cancellationToken) =>
        chain.BroadcastPackageAsync(package, cancellationToken);

    public ValueTask<Result<FeeratePerKvB, ChainError>> EstimateFeeAsync(int targetBlocks, CancellationToken cancellationToken) =>
        chain.EstimateFeeAsync(targetBlocks, cancellationToken);

    public ValueTask<Result<FeeratePerKvB, ChainError>> GetMempoolMinimumAsync(CancellationToken cancellationToken) => chain.GetMempoolMinimumAsync(cancellationToken);

    public ValueTask<Result<UnspentOutput, ChainError>> GetUnspentAsync(OutPoint outPoint, CancellationToken cancellationToken) => chain.GetUnspentAsync(outPoint, cancellationToken);

    public ValueTask<Result<Outspend, ChainError>> GetOutspendAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken) =>
        chain.GetOutspendAsync(outPoint, createdAtHeight, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
