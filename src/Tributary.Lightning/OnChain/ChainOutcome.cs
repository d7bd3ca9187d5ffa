namespace Tributary.Lightning.OnChain;

/// <summary>How an HTLC ended on chain.</summary>
public enum ChainOutcome
{
    /// <summary>Whoever received it took it by its preimage.</summary>
    Fulfilled = 1,

    /// <summary>It cannot be fulfilled any more: its offerer has it back.</summary>
    Failed,

    /// <summary>
    /// Our state is stale and does not tell: the payment may have reached its payee. Never a reason to pay again.
    /// </summary>
    Unknown,
}
