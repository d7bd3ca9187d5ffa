using System.Collections.Immutable;

namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>Payment methods that were ordered for a person, or a rail that was chosen for a payment of theirs.</summary>
/// <param name="At">When.</param>
/// <param name="Segment">The kind of payer or payment that it was judged by.</param>
/// <param name="Order">The methods, the one offered first in front; or the rail chosen.</param>
/// <param name="Chances">How likely each was to be put first.</param>
/// <param name="Outcome">What came of it; null when nothing was reported.</param>
public sealed record ExportedOffer(DateTimeOffset At, string Segment, ImmutableArray<string> Order, ImmutableArray<ExportedValue> Chances, string? Outcome);
