namespace Tributary.Payments.Rails;

/// <summary>Where outgoing money goes, read and found good.</summary>
/// <param name="Destination">In its normal form; empty where the money goes back by the way it came.</param>
/// <param name="Reference">The rail's name for the payment, by which it is never made twice: a payment hash; null where the rail gives it later.</param>
/// <param name="ExpiresAt">Until when it can be paid; null for ever.</param>
/// <param name="FeeMax">The most that the rail may spend on fees, in its asset, unless the caller allows less.</param>
public sealed record OutgoingDestination(string Destination, string? Reference, DateTimeOffset? ExpiresAt, long FeeMax);
