using Tributary.Payments.Quotes;

namespace Tributary.Payments.Refunds;

/// <summary>The rate that a refund names.</summary>
/// <param name="Kind">Whose price.</param>
/// <param name="Price">What a bitcoin cost.</param>
/// <param name="Source">Who said so.</param>
/// <param name="At">When.</param>
public sealed record RefundRate(RefundRateKind Kind, BitcoinPrice Price, string Source, DateTimeOffset At);
