namespace Tributary.Payments.Ledger;

/// <summary>
/// The accounts of the double-entry ledger. Assets say where the money is, liabilities whose it is. Debits raise assets and expenses, credits
/// raise liabilities.
/// </summary>
public enum AccountKind
{
    /// <summary>Asset: our side of Lightning channels, HTLCs that are settled.</summary>
    LightningChannels,

    /// <summary>Asset: HTLCs held for a capture: not ours yet, and shown on both sides.</summary>
    LightningHeld,

    /// <summary>Asset: outputs of the wallet that are deep enough.</summary>
    OnChain,

    /// <summary>Asset: outputs that may still be replaced or reorganised away.</summary>
    OnChainUnconfirmed,

    /// <summary>Asset: what the card processor owes.</summary>
    CardProcessor,

    /// <summary>Asset: what the card processor has authorised and not paid.</summary>
    CardAuthorised,

    /// <summary>Liability: what the merchant may spend; below zero when a credited payment was reorganised away after it was spent.</summary>
    MerchantAvailable,

    /// <summary>Liability: the merchant's once it is captured or confirmed.</summary>
    MerchantPending,

    /// <summary>Liability: paid beyond what was asked, or too late: the shopper's.</summary>
    ShopperExcess,

    /// <summary>Liability: a refund that has been decided and not paid out.</summary>
    RefundsUnderWay,

    /// <summary>Liability: a payout that has been decided and not paid out.</summary>
    PayoutsUnderWay,

    /// <summary>Expense: routing and chain fees that we paid.</summary>
    NetworkFees,

    /// <summary>Equity: what the operator has put into wallet and channels and taken out of them: deposits, withdrawals, channels' gifts.</summary>
    OperatorFunds,
}
