using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Batches;

/// <summary>What an anchor's transaction held that does not count.</summary>
public sealed record RefusedBatch(int Height, TxId Transaction, Refusal Why);
