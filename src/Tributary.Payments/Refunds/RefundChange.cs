using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;

namespace Tributary.Payments.Refunds;

/// <summary>What an input changes, to be written in one database transaction.</summary>
/// <param name="File">The payment's file after it.</param>
/// <param name="Refund">The refund after it.</param>
/// <param name="Ledger">What moves in the ledger.</param>
/// <param name="Events">What is told.</param>
public sealed record RefundChange(
    PaymentFile File, Refund Refund, ImmutableArray<LedgerTransaction> Ledger, ImmutableArray<RefundEventKind> Events)
{
    /// <summary>True when there is nothing to write: the input repeats what is known.</summary>
    public required bool IsNothing { get; init; }
}
