namespace Tributary.Rollup.Api;

/// <summary>Gives a swap up in which nothing is locked.</summary>
/// <param name="Preimage">Shows that the client asks.</param>
public sealed record SwapCancellation(string Preimage);
