using Tributary.Bitcoin.Vectors;

namespace Tributary.Cli.Bitcoin;

/// <summary>What came of one file; rows are counted from 0, comments included.</summary>
internal sealed record VectorFileReport(
    string File, string Format, int Passed, int Failed, int Skipped, IReadOnlyList<VectorOutcome> Failures, IReadOnlyList<VectorOutcome> Skips)
{
    internal static VectorFileReport Of(string file, string format, VectorReport report) =>
        new(file, format, report.Passed, report.Failed, report.Skipped, report.Failures, report.Skips);
}
