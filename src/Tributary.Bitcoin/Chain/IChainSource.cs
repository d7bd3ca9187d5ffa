using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Networks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain;

/// <summary>
/// A view on the Bitcoin block chain and on one node's mempool. Two implementations pass one contract suite: the embedded
/// regtest chain and bitcoind. Every call may fail with a <see cref="ChainError"/>: a source that is away or behind says so and
/// never answers as if the chain were empty. Safe to call from many threads.
/// </summary>
public interface IChainSource : IAsyncDisposable
{
    /// <summary>The network it follows.</summary>
    BitcoinNetwork Network { get; }

    /// <summary>What is known now without asking anyone: for status pages.</summary>
    ChainStatus Status { get; }

    /// <summary>The block with the most work.</summary>
    ValueTask<Result<ChainTip, ChainError>> GetTipAsync(CancellationToken cancellationToken);

    /// <summary>The active chain's block at a height.</summary>
    ValueTask<Result<BlockHash, ChainError>> GetBlockHashAsync(int height, CancellationToken cancellationToken);

    /// <summary>A block by hash, on the active chain or not.</summary>
    ValueTask<Result<Block, ChainError>> GetBlockAsync(BlockHash hash, CancellationToken cancellationToken);

    /// <summary>
    /// The chain as a stream that never skips: from the block after <paramref name="from"/> (null: after genesis) every connected
    /// block in order; when the chain reorganises, every disconnected block from the old tip down, then the new ones up. A position
    /// that is no longer on the active chain is first disconnected down to the fork. The stream waits for new blocks and survives
    /// outages of the source by retrying; it throws <see cref="OperationCanceledException"/> when cancelled and
    /// <see cref="ChainSourceLostException"/> at the retry bound. A position that the source does not know is such an outage: a node that
    /// lost its newest blocks in a crash gets them again. Each call is a stream of its own.
    /// </summary>
    IAsyncEnumerable<ChainEvent> FollowAsync(ChainTip? from, CancellationToken cancellationToken);

    /// <summary>
    /// Transactions as they enter the mempool (those present first) and as they leave it other than by a block. At least once;
    /// a transaction may come in both a block and the mempool. The stream behaves as <see cref="FollowAsync"/> does on outages.
    /// </summary>
    IAsyncEnumerable<MempoolEvent> FollowMempoolAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Would the mempool take it? Judged without submitting, with Bitcoin Core's reasons: what is in the mempool already is refused
    /// with "txn-already-in-mempool".
    /// </summary>
    ValueTask<Result<MempoolVerdict, ChainError>> TestAcceptAsync(Transaction transaction, CancellationToken cancellationToken);

    /// <summary>Submits a transaction. Known already (mempool or recent block) counts as accepted: a broadcast can be repeated.</summary>
    ValueTask<Result<MempoolVerdict, ChainError>> BroadcastAsync(Transaction transaction, CancellationToken cancellationToken);

    /// <summary>
    /// Submits parents and, last, their child, judged together by the package's feerate. At most 25 transactions; what is in the
    /// mempool already counts as accepted.
    /// </summary>
    ValueTask<Result<PackageVerdict, ChainError>> BroadcastPackageAsync(IReadOnlyList<Transaction> package, CancellationToken cancellationToken);

    /// <summary>
    /// The feerate to confirm within a number of blocks, never below what the mempool takes now. No data is
    /// <see cref="ChainErrorKind.NotAvailable"/>, not zero.
    /// </summary>
    ValueTask<Result<FeeratePerKvB, ChainError>> EstimateFeeAsync(int targetBlocks, CancellationToken cancellationToken);

    /// <summary>The feerate below which the mempool takes nothing now.</summary>
    ValueTask<Result<FeeratePerKvB, ChainError>> GetMempoolMinimumAsync(CancellationToken cancellationToken);

    /// <summary>An unspent output as of the tip and the mempool, or <see cref="ChainErrorKind.NotFound"/> where it is spent or unknown.</summary>
    ValueTask<Result<UnspentOutput, ChainError>> GetUnspentAsync(OutPoint outPoint, CancellationToken cancellationToken);

    /// <summary>
    /// Who spends an output: in a block, in the mempool, or nobody yet. An output that never existed is
    /// <see cref="ChainErrorKind.NotFound"/>.
    /// </summary>
    /// <param name="outPoint">The output.</param>
    /// <param name="createdAtHeight">
    /// The height of its block where the caller knows it, else null: a source without an index of transactions searches the blocks from
    /// there up to the tip, and says <see cref="ChainErrorKind.NotAvailable"/> where that is too many.
    /// </param>
    /// <param name="cancellationToken">Ends the search.</param>
    ValueTask<Result<Outspend, ChainError>> GetOutspendAsync(OutPoint outPoint, int? createdAtHeight, CancellationToken cancellationToken);
}
