namespace Tributary.Intelligence.Protocols;

/// <summary>How far a protocol has come.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Share">The share of the whole that is done, 0 … 1.</param>
/// <param name="Left">The time left by what was done so far; null while that says too little.</param>
public readonly record struct ProtocolProgress(string Stage, double Share, TimeSpan? Left);
