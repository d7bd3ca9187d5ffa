namespace Tributary.Payments.Idempotency;

/// <summary>A request that its sender may repeat.</summary>
/// <param name="Scope">Whose name it is: the API key's owner and mode. Others may use the same name.</param>
/// <param name="Name">What the sender chose; at most 255 characters.</param>
/// <param name="Fingerprint">A hash of everything the request asks for: the same name with another one is an error.</param>
public sealed record IdempotencyKey(string Scope, string Name, string Fingerprint);
