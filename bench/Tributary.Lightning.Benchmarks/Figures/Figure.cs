namespace Tributary.Lightning.Benchmarks.Figures;

/// <summary>One measured value and what it depends on.</summary>
/// <param name="Name">In lower case with dots.</param>
/// <param name="Value">The value.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="AtLeast">The goal of a rate; null for none.</param>
/// <param name="AtMost">The goal of a time or a size; null for none.</param>
/// <param name="Conditions">What it was measured under, and side figures, in the order in which they are printed.</param>
internal sealed record Figure(string Name, double Value, string Unit, double? AtLeast, double? AtMost, IReadOnlyList<KeyValuePair<string, object>> Conditions)
{
    internal bool? MeetsGoal => AtLeast is { } least ? Value >= least : AtMost is { } most ? Value <= most : null;
}
