using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>Money on chain that is not home yet.</summary>
/// <param name="OutPoint">Where it is.</param>
/// <param name="Amount">How much.</param>
/// <param name="Kind">What it is.</param>
/// <param name="DeadlineHeight">From the block after this height on the peer may take it; null when it never may, or nothing can be done yet.</param>
/// <param name="ClaimedBy">The transaction of ours that is out for it.</param>
public sealed record PendingOutput(OutPoint OutPoint, Satoshis Amount, OutputKind Kind, int? DeadlineHeight, TxId? ClaimedBy);
