using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Tests.Operating;

/// <summary>A node that a wallet sees and that hears nothing while it is deaf: what the wallet offers by itself does not come to the help of anybody else.</summary>
internal sealed class DeafChain(IChainSource chain) : IChainSource
{
    /// <summary>Nothing that is handed in arrives.</summary>
    public bool IsDeaf { get; set; }

    public BitcoinNetwork Network => chain.Network;

    public ChainStatus Status => chain.Status;

    public ValueTask<Result<ChainTip, ChainError>> GetTipAsync(CancellationToken cancellationToken) => chain.GetTipAsync(cancellationToken);

    public ValueTask<Result<BlockHash, ChainError>> GetBlockHashAsync(int height, CancellationToken cancellationToken) => chain.GetBlockHashAsync(height, cancellationToken);

    public ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken) => chain.GetBlockAsync(hash, cancellationToken);

    public IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, CancellationToken cancellationToken) => chain.FollowAsync(from, cancellationToken);

    public IAsyncEnumerable<MempoolEvent> FollowMempoolAsync(CancellationToken cancellationToken) => chain.FollowMempoolAsync(cancellationToken);

    public ValueTask<Result<MempoolVerdict, ChainError>> TestAcceptAsync(Transaction transaction, CancellationToken cancellationToken) => chain.TestAcceptAsync(transaction, cancellationToken);

    public ValueTask<Result<MempoolVerdict, ChainError>> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken) =>
        IsDeaf ? new(new ChainError(ChainErrorKind.Unreachable, "Nothing arrives.")) : chain.BroadcastAsync(transaction, cancellationToken);

    public ValueTask<Result<PackageVerdict, ChainError>> BroadcastPackageAsync(IReadOnlyList<Transaction> package, CancellationToken cancellationToken) =>
        IsDeaf ? new(new ChainError(ChainErrorKind.Unreachable, "Nothing arrives.")) : chain.BroadcastPackageAsync(package, cancellationToken);

    public ValueTask<Result<FeeratePerKvB, ChainError>> EstimateFeeAsync(int targetBlocks, CancellationToken cancellationToken) => chain.EstimateFeeAsync(targetBlocks, cancellationToken);

    public ValueTask<Result<FeeratePerKvB, ChainError>> GetMempoolMinimumAsync(CancellationToken cancellationToken) => chain.GetMempoolMinimumAsync(cancellationToken);

    public ValueTask<Result<UnspentOutput, ChainError>> GetUnspentAsync(OutPoint outPoint, CancellationToken cancellationToken) => chain.GetUnspentAsync(outPoint, cancellationToken);

    public ValueTask<Result<Outspend, ChainError>> GetOutspendAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken) =>
        chain.GetOutspendAsync(outPoint, createdAtHeight, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
