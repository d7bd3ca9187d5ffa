namespace Tributary.Rollup.Api;

/// <summary>Receipts that are void, in the order in which they became so.</summary>
public sealed record RevocationsView(IReadOnlyList<RevocationView> Revocations);
