using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Swaps.Providing;

/// <summary>A swap that a provider has under way.</summary>
/// <param name="Account">The client's.</param>
/// <param name="Amount">On Bitcoin.</param>
/// <param name="IsWaiting">The client has not begun, or what it has locked is not deep: money is set aside.</param>
public readonly record struct PromisedSwap(uint Account, Satoshis Amount, bool IsWaiting);
