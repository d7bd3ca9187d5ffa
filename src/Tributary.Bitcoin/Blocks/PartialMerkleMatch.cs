using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Blocks;

/// <summary>A transaction that a proof proves, and its place in the block.</summary>
public readonly record struct PartialMerkleMatch(int Index, TxId TxId);
