namespace Tributary.Payments.Rails;

/// <summary>A report at its place in the rail's history.</summary>
public sealed record RailEvent(long Position, RailReport Report);
