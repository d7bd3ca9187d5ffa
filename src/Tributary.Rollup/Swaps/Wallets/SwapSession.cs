using Tributary.Bitcoin.Chain;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Wallets;

namespace Tributary.Rollup.Swaps.Wallets;

/// <summary>The client's side of one swap in one process: its journal, its party, and what it does with every block. One owner.</summary>
public sealed class SwapSession : IAsyncDisposable
{
    private readonly WalletSwapParty _party;
    private readonly SwapRunner _runner;

    /// <summary>A session of a swap that was agreed on; it owns the folder from here on.</summary>
    /// <param name="wallet">The client's, which follows the chain.</param>
    /// <param name="rollupOperator">Takes operations.</param>
    /// <param name="chain">The caller's.</param>
    /// <param name="replica">The rollup as it is now.</param>
    /// <param name="folder">The swap.</param>
    /// <param name="feerateMax">The most that a post on Bitcoin may ever pay.</param>
    /// <param name="forces">Post claims and refunds on Bitcoin at once where the operator does not answer.</param>
    /// <param name="entropy">For signatures.</param>
    /// <param name="announce">Told what is about to be done.</param>
    public SwapSession(
        RollupWallet wallet, IRollupOperator rollupOperator, IChainSource chain, Func<RollupReplica> replica, SwapFolder folder, FeeratePerKvB feerateMax, bool forces, IEntropy entropy, Action<SwapSession, SwapStep>? announce)
    {
        Folder = folder;
        _party = new WalletSwapParty(wallet, rollupOperator, chain, folder, feerateMax, entropy) { ForcesAtOnce = forces };
        _runner = new SwapRunner(folder.Journal, replica, folder.File.FirstHeight, _party, entropy, step => announce?.Invoke(this, step));
    }

    /// <summary>The swap on disk.</summary>
    public SwapFolder Folder { get; }

    /// <summary>What the client knows.</summary>
    public SwapMemory Memory => Folder.Journal.Memory!;

    /// <summary>What blocks show.</summary>
    public SwapView View => _runner.View;

    /// <summary>What stands in the way of the next step; null where nothing does.</summary>
    public Refusal? Problem { get; private set; }

    /// <summary>Nothing more is to be done.</summary>
    public bool IsOver => Memory.Outcome is not null;

    /// <summary>Shows it a change of the chain.</summary>
    public void Observe(ChainEvent change) => _runner.Observe(change);

    /// <summary>Does what is next.</summary>
    public async Task StepAsync(CancellationToken cancellationToken) =>
        Problem = (await _runner.StepAsync(cancellationToken).ConfigureAwait(false)).TryGet(out _, out var problem) ? null : problem;

    public async ValueTask DisposeAsync()
    {
        _party.Dispose();
        await Folder.DisposeAsync();
    }
}
