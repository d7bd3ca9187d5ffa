namespace Tributary.Bitcoin.Wallets;

/// <summary>What has become of a transaction.</summary>
public enum WalletTransactionState
{
    /// <summary>In a block of the chain.</summary>
    Confirmed,

    /// <summary>In the node's mempool.</summary>
    Pending,

    /// <summary>Made here and not in the node's mempool now; offered again until it is in a block.</summary>
    Waiting,

    /// <summary>Another transaction of this wallet took its place.</summary>
    Replaced,

    /// <summary>A block holds a transaction that spends what it, or a parent of it, spends.</summary>
    Conflicted,

    /// <summary>A payment of others that left the mempool and is in no block.</summary>
    Dropped,

    /// <summary>Given up.</summary>
    Abandoned,
}
