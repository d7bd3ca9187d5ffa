using Tributary.Payments.Money;

namespace Tributary.Payments.Reporting;

/// <summary>What came in on one day in one currency.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Payments">How many payments succeeded.</param>
/// <param name="Amount">What they were worth at receipt.</param>
public sealed record DailyTotal(DateOnly Day, long Payments, CurrencyAmount Amount);
