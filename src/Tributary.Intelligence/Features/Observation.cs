namespace Tributary.Intelligence.Features;

/// <summary>A payment taken into the store.</summary>
/// <param name="TimeMs">The time under which it is kept: outcomes refer to the payment with this time.</param>
/// <param name="Notes">What the store decided by itself.</param>
public readonly record struct Observation(long TimeMs, ObservationNotes Notes);
