namespace Tributary.Cli.Bitcoin;

/// <summary>What came of running files of test vectors.</summary>
internal sealed record VectorsReport(int Passed, int Failed, int Skipped, IReadOnlyList<VectorFileReport> Files);
