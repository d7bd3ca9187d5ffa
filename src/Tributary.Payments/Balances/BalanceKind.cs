namespace Tributary.Payments.Balances;

/// <summary>What an entry is to the store's balance.</summary>
public enum BalanceKind
{
    /// <summary>Money of a payment.</summary>
    Charge,

    /// <summary>Money on its way back to a shopper.</summary>
    Refund,

    /// <summary>A refund that was not paid: its money is the store's again.</summary>
    RefundFailure,

    /// <summary>The store's own money on its way out.</summary>
    Payout,

    /// <summary>A payout that was not paid.</summary>
    PayoutFailure,

    /// <summary>A dispute, a payment that the chain took back, a correction.</summary>
    Adjustment,
}
