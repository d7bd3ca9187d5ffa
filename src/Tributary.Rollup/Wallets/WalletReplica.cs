using Tributary.Bitcoin.Chain;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Serving;
using Tributary.Rollup.Verification;
using Tributary.Storage.Files;

namespace Tributary.Rollup.Wallets;

/// <summary>
/// The rollup of a wallet as Bitcoin gives it, with proofs from whoever has them: what the wallet goes by where it does not ask the operator, or the operator
/// does not answer. Proofs that hold are kept in the wallet's folder. One owner.
/// </summary>
public sealed class WalletReplica : IAsyncDisposable
{
    private readonly IChainSource _chain;
    private readonly ProofStore _store;
    private readonly IAsyncEnumerator<ChainEvent> _blocks;
    private readonly int _from;
    private readonly CancellationTokenSource _stop = new();
    private Task<bool>? _next;

    private WalletReplica(IChainSource chain, ProofStore store, RollupVerification verification, ChainTip from)
    {
        (_chain, _store, Verification, _from) = (chain, store, verification, from.Height);
        _blocks = chain.FollowAsync(from, _stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>State and proofs.</summary>
    public RollupVerification Verification { get; }

    /// <summary>The rollup as it is now.</summary>
    public RollupReplica Replica => Verification.Replica;

    /// <summary>The height that blocks have been looked through to.</summary>
    public int Tip => Replica.NextHeight - 1;

    /// <summary>Opens the replica of a wallet; no block has been looked at yet.</summary>
    /// <param name="wallet">Names the rollup and the height to begin at.</param>
    /// <param name="chain">The caller's.</param>
    /// <param name="sources">Who has proofs.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<Result<WalletReplica, Refusal>> OpenAsync(RollupWallet wallet, IChainSource chain, IReadOnlyList<IProofSource> sources, CancellationToken cancellationToken)
    {
        if (!(await chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
            return new Refusal("--bitcoind", error.Reason);
        var from = wallet.File.FromHeight;
        if (from > tip.Height)
            return new Refusal("--bitcoind", $"has {tip.Height} blocks, and the rollup begins after block {from}: it is still syncing, or it is of another chain");
        if (!(await chain.GetBlockHashAsync(from, cancellationToken)).TryGet(out var below, out error))
            return new Refusal("--bitcoind", error.Reason);
        if (!ProofStore.Open(DiskDirectory.Open(Path.Combine(wallet.Folder, "proofs"))).TryGet(out var store, out var refusal))
            return refusal;
        var verification = new RollupVerification(wallet.Rollup, from + 1, store, sources);
        return new WalletReplica(chain, store, verification, new ChainTip(from, below));
    }

    /// <summary>Looks through blocks up to the chain's tip of now, and asks for the proofs that are missing.</summary>
    /// <param name="each">Told of every change after the replica was.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why the chain could not be followed.</returns>
    public async Task<Refusal?> ReachTipAsync(Action<ChainEvent>? each, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        try
        {
            if (!(await _chain.GetTipAsync(cancellationToken)).TryGet(out var tip, out var error))
                return new Refusal("--bitcoind", error.Reason);
            while (Tip < tip.Height || (_next is { IsCompleted: true }))
            {
                if (!await MoveAsync(each, cancellationToken))
                    return new Refusal("--bitcoind", "has stopped sending blocks");
                progress?.Report((Tip - _from) / (double)Math.Max(1, tip.Height - _from));
            }

            _ = await Verification.ProveAsync(cancellationToken);
            return Replica.Ledger is null ? new Refusal("--bitcoind", $"shows no beginning of rollup {Verification.RollupId} up to height {Tip}: it is of another chain, or still syncing") : null;
        }
        catch (ChainSourceLostException exception)
        {
            return new Refusal("--bitcoind", exception.Error.Reason);
        }
    }

    /// <summary>Waits for a block, or for a while in which a proof may have come.</summary>
    public async Task WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken cancellationToken)
    {
        _next ??= _blocks.MoveNextAsync().AsTask();
        await Task.WhenAny(_next, Task.Delay(time, clock, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_next is not null)
            await ((Task)_next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _blocks.DisposeAsync();
        _stop.Dispose();
        _store.Dispose();
    }

    private async Task<bool> MoveAsync(Action<ChainEvent>? each, CancellationToken cancellationToken)
    {
        _next ??= _blocks.MoveNextAsync().AsTask();
        if (!await _next.WaitAsync(cancellationToken))
            return false;
        _next = null;
        Verification.Observe(_blocks.Current);
        each?.Invoke(_blocks.Current);
        return true;
    }
}
