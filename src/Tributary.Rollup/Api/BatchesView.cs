namespace Tributary.Rollup.Api;

/// <summary>A page of batches.</summary>
public sealed record BatchesView(IReadOnlyList<BatchView> Batches);
