using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;

namespace Tributary.Payments.Disputes;

/// <summary>What an input changes, to be written in one database transaction.</summary>
public sealed record DisputeChange(PaymentFile File, Dispute Dispute, ImmutableArray<LedgerTransaction> Ledger, ImmutableArray<DisputeEventKind> Events)
{
    /// <summary>True when there is nothing to write.</summary>
    public bool IsNothing => Events.IsEmpty;
}
