namespace Tributary.Cli.Rollup.Views;

/// <summary>A proof that does not hold.</summary>
internal sealed record FailureView(ulong Batch, ulong Segment, string Source, string Field, string Reason);
