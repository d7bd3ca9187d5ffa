using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>A notification about the mempool, to be checked by RPC.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="TxId">Of which transaction, where it is about one.</param>
/// <param name="Number">The running number of the mempool's changes, where it has one.</param>
internal readonly record struct MempoolHint(MempoolHintKind Kind, TxId TxId, ulong Number);
