namespace Tributary.Rollup.Withdrawals;

/// <summary>What has become of a withdrawal.</summary>
public enum WithdrawalState
{
    /// <summary>It stands in a batch, and its segment is not proven yet.</summary>
    Unproven,

    /// <summary>It is proven, and the vault owes it.</summary>
    Due,

    /// <summary>A payout in a block has paid it.</summary>
    Paid,

    /// <summary>No payout can pay it: too little, or to a script that nodes do not relay. The vault holds it.</summary>
    Unpayable,
}
