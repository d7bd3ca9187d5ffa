namespace Tributary.Bitcoin.Benchmarks;

/// <summary>Columns for signature checks.</summary>
internal sealed class VerifyConfig() : BriefConfig(FigureColumn.ChecksPerSecond, FigureColumn.ShareOfBaseline);
