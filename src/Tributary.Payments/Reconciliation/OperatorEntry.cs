using System.Collections.Immutable;
using Tributary.Payments.Ledger;

namespace Tributary.Payments.Reconciliation;

/// <summary>
/// What a fact outside of payments means to the ledger: a deposit, a channel's funding, a fee. The lines balance; none means that the fact does not
/// count any more.
/// </summary>
/// <param name="Subject">The fact's name ("tx:…", "channel:…").</param>
/// <param name="Lines">Debits positive, in millisatoshis.</param>
public sealed record OperatorEntry(string Subject, ImmutableArray<(AccountKind Account, long Amount)> Lines);
