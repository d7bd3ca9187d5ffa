using System.Text.Json.Serialization;
using Tributary.Rollup.Swaps;
using Tributary.Rollup.Swaps.Wallets;

namespace Tributary.Cli.Rollup.Views;

/// <summary>A swap of a wallet. Amounts are satoshis, heights blocks of Bitcoin.</summary>
internal sealed record SwapReport(
    string Swap,
    string Direction,
    string State,
    string Words,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AboutTo,
    long OnChainSat,
    long? OnRollupSat,
    long? FeeSat,
    long? BeginBy,
    uint? BitcoinTimeout,
    uint? RollupTimeout,
    int? Height,
    string? OnChain,
    string? OnRollup,
    string? Problem)
{
    internal static SwapReport Of(SwapFolder folder, SwapView? seen = null, SwapStep? aboutTo = null, string? problem = null)
    {
        if (folder.Journal.Memory is not { } memory)
        {
            return new SwapReport(
                folder.File.Hash, folder.File.Direction, "asked", $"asked for, and not agreed on: 'tributary rollup swap accept {folder.File.Hash}' asks again", null,
                folder.File.AmountSat, null, null, null, null, null, null, null, null, problem);
        }

        var terms = memory.Terms;
        return new SwapReport(
            folder.File.Hash,
            folder.File.Direction,
            SwapStory.StateOf(memory, seen),
            folder.File.IsAccepted && SwapStory.StateOf(memory, seen) is "agreed" ? "agreed on, nothing is locked yet" : SwapStory.Tell(memory, seen),
            aboutTo is { } step ? SwapStory.NameOf(step) : null,
            terms.OnChain.Value,
            terms.OnRollup.Value,
            Math.Abs(terms.OnChain.Value - terms.OnRollup.Value),
            terms.FirstLockBy(memory.Margins),
            terms.BitcoinTimeout,
            terms.RollupTimeout,
            seen?.Tip,
            seen?.OnChain.ToString().ToLowerInvariant(),
            seen?.OnRollup.ToString().ToLowerInvariant(),
            problem);
    }
}
