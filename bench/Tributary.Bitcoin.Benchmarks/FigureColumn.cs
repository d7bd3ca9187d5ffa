using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Tributary.Bitcoin.Benchmarks;

/// <summary>
/// The figures that the goals speak of, computed from the fastest iteration: what the machine does when nothing else runs on it.
/// </summary>
internal sealed class FigureColumn(string name, string legend, Func<Summary, BenchmarkCase, double?> compute, string format) : IColumn
{
    public static FigureColumn ChecksPerSecond { get; } = new("Checks/s", "Signature checks per second", static (summary, benchmark) => 1e9 / Fastest(summary, benchmark), "N0");

    public static FigureColumn ShareOfBaseline { get; } = new(
        "Share", "Rate as a share of libsecp256k1's bare rate (goal: 0.85)", static (summary, benchmark) => Fastest(summary, Baseline(summary, benchmark)) / Fastest(summary, benchmark), "0.000");

    public static FigureColumn MegabytesPerSecond { get; } = new(
        "MB/s", "Serialized megabytes per second", static (summary, benchmark) => Block(benchmark).Bytes.Length * 1e3 / Fastest(summary, benchmark), "N0");

    public static FigureColumn BytesPerTransaction { get; } = new(
        "B/tx", "Bytes allocated per transaction", static (summary, benchmark) => Allocated(summary, benchmark) / Block(benchmark).Transactions, "0.0");

    public static FigureColumn HeldPerSerialized { get; } = new(
        "Held/size", "Serialized bytes and allocations, per serialized byte (goal: below 1.5)", static (summary, benchmark) => 1 + (Allocated(summary, benchmark) / Block(benchmark).Bytes.Length), "0.000");

    public string Id => $"{nameof(FigureColumn)}.{name}";

    public string ColumnName => name;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => legend;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
        compute(summary, benchmarkCase) is { } value ? value.ToString(format, CultureInfo.InvariantCulture) : "-";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public override string ToString() => ColumnName;

    private static double? Fastest(Summary summary, BenchmarkCase? benchmark) => benchmark is null ? null : summary[benchmark]?.ResultStatistics?.Min;

    private static double? Allocated(Summary summary, BenchmarkCase benchmark) => summary[benchmark]?.GcStats.GetBytesAllocatedPerOperation(benchmark);

    private static BenchmarkCase? Baseline(Summary summary, BenchmarkCase benchmark) =>
        summary.BenchmarksCases.FirstOrDefault(other => other.Descriptor.Baseline && string.Equals(other.Parameters.DisplayInfo, benchmark.Parameters.DisplayInfo, StringComparison.Ordinal));

    private static (byte[] Bytes, int Transactions) Block(BenchmarkCase benchmark) =>
        ParseBenchmarks.BlockOf((SpendKind)benchmark.Parameters[nameof(ParseBenchmarks.Kind)], (int)benchmark.Parameters[nameof(ParseBenchmarks.Inputs)]);
}
