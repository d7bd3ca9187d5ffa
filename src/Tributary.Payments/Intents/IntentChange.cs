using System.Collections.Immutable;
using Tributary.Payments.Ledger;

namespace Tributary.Payments.Intents;

/// <summary>
/// What an input changes, to be written in one database transaction: the file, the ledger, the events, and what the rails have to be told after
/// the commit. An input that repeats what is known changes nothing.
/// </summary>
public sealed record IntentChange(
    PaymentFile File, ImmutableArray<LedgerTransaction> Ledger, ImmutableArray<IntentEventKind> Events, ImmutableArray<RailCommand> Commands)
{
    /// <summary>True when there is nothing to write.</summary>
    public bool IsNothing => Events.IsEmpty && Ledger.IsEmpty && Commands.IsEmpty && IsFileUnchanged;

    /// <summary>The file is as it was.</summary>
    public required bool IsFileUnchanged { get; init; }
}
