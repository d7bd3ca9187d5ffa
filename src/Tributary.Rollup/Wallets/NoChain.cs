using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Wallets;

/// <summary>Stands for a chain where a command was given none: every question is answered with what to do.</summary>
/// <param name="network">The network that it would be.</param>
public sealed class NoChain(BitcoinNetwork network) : IChainSource
{
    private static readonly ChainError s_error = new(ChainErrorKind.Unreachable, "No chain is named: give --bitcoind with the RPC address of a bitcoind.");

    /// <inheritdoc/>
    public BitcoinNetwork Network => network;

    /// <inheritdoc/>
    public ChainStatus Status => new(false, null, s_error.Reason);

    /// <inheritdoc/>
    public ValueTask<Result<ChainTip, ChainError>> GetTipAsync(CancellationToken cancellationToken) => No<ChainTip>();

    /// <inheritdoc/>
    public ValueTask<Result<BlockHash, ChainError>> GetBlockHashAsync(int height, CancellationToken cancellationToken) => No<BlockHash>();

    /// <inheritdoc/>
    public ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken) => No<Block>();

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        throw new ChainSourceLostException(s_error);
#pragma warning disable CS0162 // An iterator has a yield.
        yield break;
#pragma warning restore CS0162
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<MempoolEvent> FollowMempoolAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        throw new ChainSourceLostException(s_error);
#pragma warning disable CS0162 // An iterator has a yield.
        yield break;
#pragma warning restore CS0162
    }

    /// <inheritdoc/>
    public ValueTask<Result<MempoolVerdict, ChainError>> TestAcceptAsync(Transaction transaction, CancellationToken cancellationToken) => No<MempoolVerdict>();

    /// <inheritdoc/>
    public ValueTask<Result<MempoolVerdict, ChainError>> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken) => No<MempoolVerdict>();

    /// <inheritdoc/>
    public ValueTask<Result<PackageVerdict, ChainError>> BroadcastPackageAsync(IReadOnlyList<Transaction> package, CancellationToken cancellationToken) => No<PackageVerdict>();

    /// <inheritdoc/>
    public ValueTask<Result<FeeratePerKvB, ChainError>> EstimateFeeAsync(int targetBlocks, CancellationToken cancellationToken) => No<FeeratePerKvB>();

    /// <inheritdoc/>
    public ValueTask<Result<FeeratePerKvB, ChainError>> GetMempoolMinimumAsync(CancellationToken cancellationToken) => No<FeeratePerKvB>();

    /// <inheritdoc/>
    public ValueTask<Result<UnspentOutput, ChainError>> GetUnspentAsync(OutPoint outPoint, CancellationToken cancellationToken) => No<UnspentOutput>();

    /// <inheritdoc/>
    public ValueTask<Result<Outspend, ChainError>> GetOutspendAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken) => No<Outspend>();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ValueTask<Result<T, ChainError>> No<T>()
        where T : notnull => ValueTask.FromResult<Result<T, ChainError>>(s_error);
}
