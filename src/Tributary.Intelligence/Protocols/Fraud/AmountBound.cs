namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>An amount at which a payment would have scored below a threshold.</summary>
/// <param name="AmountMinor">The amount in minor units; null when none was found: it is not the amount that makes the payment risky.</param>
/// <param name="Score">What it scores there; NaN without an amount.</param>
public sealed record AmountBound(long? AmountMinor, double Score);
