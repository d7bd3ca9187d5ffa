namespace Tributary.Lightning.Onions;

/// <summary>Which hop of a route failed a payment.</summary>
/// <param name="Hop">Counted from zero, the first hop after the sender.</param>
/// <param name="Failure">What it said; null when it authenticated something that cannot be read.</param>
public sealed record RouteFailure(int Hop, FailureMessage? Failure);
