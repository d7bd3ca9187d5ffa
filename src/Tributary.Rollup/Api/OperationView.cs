namespace Tributary.Rollup.Api;

/// <summary>What has become of an operation.</summary>
/// <param name="Operation">SHA-256 of its encoding.</param>
/// <param name="State">"taken", "anchored", "proven", "revoked" or "unknown".</param>
/// <param name="Batch">The batch that it stands in.</param>
/// <param name="Position">The place in it.</param>
/// <param name="Why">Why its receipt is void.</param>
public sealed record OperationView(string Operation, string State, ulong? Batch, int? Position, ErrorView? Why);
