namespace Tributary.Cli.Rollup.Views;

/// <summary>A batch that was proven by hand.</summary>
internal sealed record ProveView(ulong Batch, int Segments, int Made, double Seconds, string Data);
