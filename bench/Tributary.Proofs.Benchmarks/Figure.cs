namespace Tributary.Proofs.Benchmarks;

/// <summary>One measured rate and everything that it depends on.</summary>
/// <param name="Name">What was measured, in lower case with dots.</param>
/// <param name="Value">The best of the runs.</param>
/// <param name="Unit">What the value counts.</param>
/// <param name="Goal">What it should reach, where the project has said so.</param>
/// <param name="Conditions">Sizes, parameters and side figures, in the order in which they are printed.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? Goal, IReadOnlyList<KeyValuePair<string, object>> Conditions)
{
    /// <summary>False only where there is a goal and the value is below it.</summary>
    public bool MeetsGoal => Goal is not { } goal || Value >= goal;
}
