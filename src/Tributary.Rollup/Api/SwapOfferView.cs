namespace Tributary.Rollup.Api;

/// <summary>What an operator offers to exchange between Bitcoin and the rollup. Amounts are satoshis, heights and margins blocks.</summary>
/// <param name="IsOpen">It takes new swaps.</param>
/// <param name="Provider">The account that is the other side.</param>
/// <param name="AmountMin">The least amount.</param>
/// <param name="InMax">The most that goes in now; 0 where nothing does.</param>
/// <param name="OutMax">The most that goes out now; 0 where nothing does.</param>
/// <param name="FeeSat">What each swap costs, the operator's transaction on Bitcoin included.</param>
/// <param name="FeePpm">What is added for each million.</param>
/// <param name="QuoteBlocks">Blocks that the client has to begin in.</param>
/// <param name="Margins">Depth, confirm, post, anchor, final (docs/rollup/swaps.md, section 3).</param>
/// <param name="Open">Swaps that are under way.</param>
/// <param name="Problem">Why nothing is offered now; null where something is.</param>
public sealed record SwapOfferView(
    bool IsOpen, uint Provider, long AmountMin, long InMax, long OutMax, long FeeSat, int FeePpm, int QuoteBlocks, IReadOnlyList<int> Margins, int Open, string? Problem);
