namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>How the mempool changed.</summary>
internal enum PoolChangeKind
{
    /// <summary>A transaction entered.</summary>
    Entered,

    /// <summary>A transaction left other than by a block.</summary>
    Left,

    /// <summary>A transaction left because a block confirmed it.</summary>
    Confirmed,
}
