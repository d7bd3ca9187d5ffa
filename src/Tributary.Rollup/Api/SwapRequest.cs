namespace Tributary.Rollup.Api;

/// <summary>What a client asks for.</summary>
/// <param name="Direction">"in" or "out".</param>
/// <param name="AmountSat">In: what the client pays on Bitcoin. Out: what it is paid there.</param>
/// <param name="Hash">SHA-256 of 32 bytes that the client has drawn.</param>
/// <param name="Account">The client's account.</param>
/// <param name="Key">The x coordinate of the client's key on Bitcoin.</param>
public sealed record SwapRequest(string Direction, long AmountSat, string Hash, uint Account, string Key);
