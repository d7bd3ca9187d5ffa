namespace Tributary.Bitcoin.Benchmarks;

/// <summary>Columns for parsers.</summary>
internal sealed class ParseConfig() : BriefConfig(FigureColumn.MegabytesPerSecond, FigureColumn.BytesPerTransaction, FigureColumn.HeldPerSerialized);
