using System.Collections.Immutable;

namespace Tributary.Intelligence.Reports;

/// <summary>One split into payments to train on and payments to test on, and what was measured.</summary>
/// <param name="Name">The date or the name of the split.</param>
/// <param name="TrainRows">Payments trained on.</param>
/// <param name="TrainFrauds">Of them fraud.</param>
/// <param name="TestRows">Payments tested.</param>
/// <param name="TestFrauds">Of them fraud.</param>
/// <param name="RemovedCards">Cards left out of the test as known to be compromised.</param>
/// <param name="Metrics">What was measured, by the names of the report's metrics.</param>
public sealed record FoldFacts(
    string Name, int TrainRows, int TrainFrauds, int TestRows, int TestFrauds, int RemovedCards, ImmutableSortedDictionary<string, double> Metrics);
