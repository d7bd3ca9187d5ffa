using Tributary.Primitives.Amounts;

namespace Tributary.Rollup.Liabilities;

/// <summary>
/// What the vault holds on Bitcoin against what the rollup owes, as anybody who has the blocks finds it out. The supply is a public input of the proofs; the
/// coins stand on the chain. It shows that coins are there, not that the operator will pay with them (docs/rollup/trust-paths.md).
/// </summary>
/// <param name="Height">The block after which this holds.</param>
/// <param name="Batch">The last batch that counts; 0 before the first.</param>
/// <param name="IsProven">Every segment up to that batch is proven: before, the supply is the operator's word.</param>
/// <param name="VaultCoins">Unspent outputs of the vault in blocks.</param>
/// <param name="Supply">Bitcoin in the rollup, in balances and contracts.</param>
/// <param name="UnpaidWithdrawals">Withdrawn, and not paid by a payout in a block.</param>
/// <param name="WaitingDeposits">Deposits in blocks that no batch has taken yet.</param>
/// <param name="UnclaimedDeposits">Deposits that were passed over, since they name no account.</param>
public sealed record LiabilityReport(
    int Height,
    ulong Batch,
    bool IsProven,
    Satoshis VaultCoins,
    Satoshis Supply,
    Satoshis UnpaidWithdrawals,
    Satoshis WaitingDeposits,
    Satoshis UnclaimedDeposits)
{
    /// <summary>All that the vault owes.</summary>
    public Satoshis Liabilities => Supply + UnpaidWithdrawals + WaitingDeposits + UnclaimedDeposits;

    /// <summary>Coins beyond what is owed; negative where coins are missing.</summary>
    public Satoshis Surplus => VaultCoins - Liabilities;

    /// <summary>The vault holds all that it owes.</summary>
    public bool IsCovered => VaultCoins >= Liabilities;

    public override string ToString() => IsCovered
        ? $"covered: the vault holds {VaultCoins} and owes {Liabilities}"
        : $"NOT covered: the vault holds {VaultCoins} and owes {Liabilities}, {-Surplus} more than it has";
}
