using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>A block without its transactions' bytes.</summary>
internal sealed record BlockSummary(ChainTip Position, BlockHash Parent, IReadOnlyList<TxId> Transactions);
