namespace Tributary.Cli.Rollup.Views;

/// <summary>The swaps of a wallet, the oldest first.</summary>
internal sealed record SwapListView(IReadOnlyList<SwapReport> Swaps);
