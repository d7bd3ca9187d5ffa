namespace Tributary.Rollup.Swaps.Providing;

/// <summary>A swap that was agreed on and that the provider never locked for.</summary>
/// <param name="Account">The client's.</param>
/// <param name="Height">Up to which the client could have begun.</param>
public readonly record struct LapsedSwap(uint Account, long Height);
