namespace Tributary.Rollup.Swaps;

/// <summary>What a party does next. Every step may be taken again and again.</summary>
public enum SwapStep
{
    /// <summary>Nothing until something changes.</summary>
    Wait,

    /// <summary>Pay the contract on Bitcoin.</summary>
    Fund,

    /// <summary>Lock in the rollup.</summary>
    LockOnRollup,

    /// <summary>Take the contract on Bitcoin with the preimage.</summary>
    ClaimOnChain,

    /// <summary>Take the contract in the rollup with the preimage, through the sequencer.</summary>
    ClaimOnRollup,

    /// <summary>The same through a forced post on Bitcoin: the sequencer has had its time.</summary>
    PostClaim,

    /// <summary>Take one's own coins back from the contract on Bitcoin.</summary>
    RefundOnChain,

    /// <summary>Take one's own money back from the contract in the rollup, through the sequencer.</summary>
    RefundOnRollup,

    /// <summary>The same through a forced post on Bitcoin.</summary>
    PostRefund,

    /// <summary>Over: both sides are paid.</summary>
    Swapped,

    /// <summary>Over: one's own money is back.</summary>
    Refunded,

    /// <summary>Over: nothing was locked.</summary>
    Unlocked,

    /// <summary>Over: the other has taken both contracts. It takes a margin that did not hold (docs/rollup/swaps.md, section 4).</summary>
    Lost,
}
