namespace Tributary.Rollup.Api;

/// <summary>How far the operator is with a swap.</summary>
/// <param name="Swap">Its hash.</param>
/// <param name="Direction">"in" or "out".</param>
/// <param name="Step">What the operator did last, or waits for: a step of docs/rollup/swaps.md.</param>
/// <param name="HasLocked">It has locked its side, or is about to.</param>
/// <param name="Outcome">How it ended; null while it goes on.</param>
/// <param name="Height">The last block that it has acted on.</param>
/// <param name="Problem">What stands in the way now; null where nothing does.</param>
public sealed record SwapProgressView(string Swap, string Direction, string Step, bool HasLocked, string? Outcome, int Height, string? Problem);
