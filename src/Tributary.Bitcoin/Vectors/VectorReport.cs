namespace Tributary.Bitcoin.Vectors;

/// <summary>What came of running a file of test vectors.</summary>
/// <param name="Format">What the file was taken for.</param>
/// <param name="Passed">Rows that came out as they say.</param>
/// <param name="Failures">Rows that did not, or that can't be read.</param>
/// <param name="Skips">Rows that turn on rules which Bitcoin does not have.</param>
public sealed record VectorReport(VectorFormat Format, int Passed, IReadOnlyList<VectorOutcome> Failures, IReadOnlyList<VectorOutcome> Skips)
{
    /// <summary>Rows that failed.</summary>
    public int Failed => Failures.Count;

    /// <summary>Rows that were skipped.</summary>
    public int Skipped => Skips.Count;
}
