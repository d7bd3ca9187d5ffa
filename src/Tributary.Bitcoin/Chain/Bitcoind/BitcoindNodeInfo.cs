namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>What <c>getblockchaininfo</c> tells.</summary>
/// <param name="Tip">The active chain's last block.</param>
/// <param name="Headers">The height of the best header, with its block or without.</param>
/// <param name="IsInitialDownload">The node considers itself far behind.</param>
/// <param name="IsPruned">Old blocks are deleted.</param>
internal sealed record BitcoindNodeInfo(ChainTip Tip, int Headers, bool IsInitialDownload, bool IsPruned);
