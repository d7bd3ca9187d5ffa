using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Swaps.Wallets;

namespace Tributary.Rollup.Swaps.Providing;

/// <summary>A swap that a provider has under way.</summary>
internal sealed class ProvidedSwap(SwapFolder folder, WalletSwapParty party, SwapRunner runner) : IAsyncDisposable
{
    internal SwapFolder Folder => folder;

    internal SwapRunner Runner => runner;

    internal SwapMemory Memory => folder.Journal.Memory!;

    /// <summary>What was done last, or that it waits.</summary>
    internal SwapStep Step { get; set; }

    internal Refusal? Problem { get; set; }

    /// <summary>It may still begin: its client has time to lock, or has locked.</summary>
    internal bool IsWaiting(int tip)
    {
        if (Memory.HasLocked || Memory.IsAborted)
            return false;
        if (tip <= Memory.Terms.FirstLockBy(Memory.Margins))
            return true;
        var view = runner.View;
        return (Memory.Terms.Direction == SwapDirection.In ? view.OnChain : view.OnRollup) == ContractState.Open;
    }

    internal SwapProgressView Describe(int tip) => Describe(folder, Step, tip, Problem);

    internal static SwapProgressView Describe(SwapFolder folder, SwapStep step, int tip, Refusal? problem) => new(
        folder.File.Hash, folder.File.Direction, NameOf(step), folder.Journal.Memory?.HasLocked == true, folder.Journal.Memory?.Outcome is { } outcome ? NameOf(outcome) : null, tip, problem?.ToString());

    /// <summary>A step as JSON has it.</summary>
    internal static string NameOf(SwapStep step) => SwapStory.NameOf(step);

    public async ValueTask DisposeAsync()
    {
        party.Dispose();
        await folder.DisposeAsync();
    }
}
