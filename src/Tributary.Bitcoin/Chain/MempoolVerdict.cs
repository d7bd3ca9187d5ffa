using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain;

/// <summary>What a mempool says to a transaction.</summary>
/// <param name="TxId">Which one.</param>
/// <param name="IsAccepted">Taken, or already there.</param>
/// <param name="RejectReason">Bitcoin Core's reject reason ("min relay fee not met", "missing-inputs"), or null when accepted.</param>
/// <param name="Fee">The fee, where the inputs are known.</param>
public sealed record MempoolVerdict(TxId TxId, bool IsAccepted, string? RejectReason, Satoshis? Fee);
