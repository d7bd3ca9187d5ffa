namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>What a notification says about the mempool.</summary>
internal enum MempoolHintKind
{
    /// <summary>A transaction entered.</summary>
    Added,

    /// <summary>A transaction left other than by a block.</summary>
    Removed,

    /// <summary>A block was connected or disconnected.</summary>
    Block,

    /// <summary>Something may have changed, or notifications were lost: look at the whole.</summary>
    Unknown,
}
