using System.Collections.Immutable;

namespace Tributary.Intelligence.Reports.Plots;

/// <summary>A plot with the table behind it.</summary>
/// <param name="Id">Unique in the page.</param>
/// <param name="Title">What is shown.</param>
/// <param name="Caption">What is to be seen, in a sentence.</param>
/// <param name="Svg">The drawing.</param>
/// <param name="Columns">The table's header.</param>
/// <param name="Rows">The table's rows, as wide as the header.</param>
internal sealed record Figure(
    string Id, string Title, string Caption, string Svg, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows);
