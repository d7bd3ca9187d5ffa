namespace Tributary.Rollup.Swaps;

/// <summary>What has become of a contract, in blocks of the chain alone.</summary>
public enum ContractState
{
    /// <summary>It is not there.</summary>
    None,

    /// <summary>It holds its amount.</summary>
    Open,

    /// <summary>It was paid against the preimage.</summary>
    Claimed,

    /// <summary>It was taken back.</summary>
    Refunded,
}
