namespace Tributary.Rollup.Api;

/// <summary>A page of the claims that there are proofs of.</summary>
/// <param name="Count">How many there are in all.</param>
/// <param name="Claims">Digests of statements, ascending.</param>
public sealed record ProofsView(int Count, IReadOnlyList<string> Claims);
