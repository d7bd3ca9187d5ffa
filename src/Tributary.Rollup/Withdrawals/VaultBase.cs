namespace Tributary.Rollup.Withdrawals;

/// <summary>A vault as a follower goes on from.</summary>
/// <param name="Coins">Unspent coins, in the order of the chain.</param>
/// <param name="Order">Outputs to the vault so far.</param>
/// <param name="Spends">What its coins were spent on, as far as withdrawals that are owed may be among it.</param>
internal sealed record VaultBase(IReadOnlyList<VaultCoin> Coins, long Order, IReadOnlyList<VaultSpend> Spends);
