namespace Tributary.Rollup.Api;

/// <summary>Asks for an account at the operator's expense.</summary>
/// <param name="KeyRoot">The root of the key.</param>
/// <param name="LogLifetime">log2 of its one-time keys.</param>
public sealed record RegistrationRequest(string KeyRoot, byte LogLifetime);
