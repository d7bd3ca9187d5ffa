using System.Collections.Immutable;
using Tributary.Payments.Money;

namespace Tributary.Payments.Reporting;

/// <summary>Amounts of some currencies that share a minor unit, from one to another, both included.</summary>
/// <param name="Currencies">One at least.</param>
/// <param name="Min">In minor units.</param>
/// <param name="Max">In minor units.</param>
public sealed record AmountSpan(ImmutableArray<Currency> Currencies, long Min, long Max);
