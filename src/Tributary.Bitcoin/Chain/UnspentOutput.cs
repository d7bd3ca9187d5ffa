using Tributary.Bitcoin.Transactions;

namespace Tributary.Bitcoin.Chain;

/// <summary>An output that nothing spends as far as the source knows.</summary>
/// <param name="OutPoint">Which.</param>
/// <param name="Output">Amount and script.</param>
/// <param name="Height">The block it is in, or null while it is in the mempool only.</param>
/// <param name="IsCoinbase">Coinbase outputs can be spent 100 blocks later.</param>
public sealed record UnspentOutput(OutPoint OutPoint, TxOut Output, int? Height, bool IsCoinbase);
