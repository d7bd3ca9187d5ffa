using System.Collections.Immutable;

namespace Tributary.Payments.Reconciliation;

/// <summary>A comparison of the books with the world.</summary>
/// <param name="At">When.</param>
/// <param name="Outcome">How it came out.</param>
/// <param name="Lines">What was compared; empty where nothing could be.</param>
/// <param name="Problems">For a person: what differs, or what is waited for.</param>
public sealed record ReconciliationReport(DateTimeOffset At, ReconciliationOutcome Outcome, ImmutableArray<BookLine> Lines, ImmutableArray<string> Problems);
