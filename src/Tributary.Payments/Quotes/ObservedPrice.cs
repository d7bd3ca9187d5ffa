namespace Tributary.Payments.Quotes;

/// <summary>A price and the time at which its source saw it.</summary>
public readonly record struct ObservedPrice(BitcoinPrice Price, DateTimeOffset At);
