namespace Tributary.Rollup.Api;

/// <summary>An account with all that was taken, and as Bitcoin has it.</summary>
/// <param name="Account">Its number.</param>
/// <param name="KeyRoot">The root of its key.</param>
/// <param name="LogLifetime">log2 of the key's one-time keys.</param>
/// <param name="NextIndex">The least index that may sign.</param>
/// <param name="AnchoredKeyRoot">The root of its key on Bitcoin; null where it is not there yet.</param>
/// <param name="AnchoredNextIndex">The least index that may sign, on Bitcoin.</param>
/// <param name="BalanceSat">Satoshis.</param>
/// <param name="AnchoredBalanceSat">Satoshis, on Bitcoin.</param>
/// <param name="Assets">What it has of other assets.</param>
public sealed record AccountView(
    uint Account, string KeyRoot, byte LogLifetime, uint NextIndex, string? AnchoredKeyRoot, uint AnchoredNextIndex, ulong BalanceSat, ulong AnchoredBalanceSat, IReadOnlyList<AssetBalanceView> Assets);
