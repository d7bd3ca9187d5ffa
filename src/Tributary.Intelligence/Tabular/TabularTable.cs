using System.Collections.Immutable;
using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Tabular;

/// <summary>A file as a table to learn from.</summary>
/// <param name="Name">The format's name.</param>
/// <param name="X">The features.</param>
/// <param name="Y">The labels: 1 positive, 0 negative.</param>
/// <param name="CategoryNames">For each feature the text of each code, empty for a numeric one. Codes are in the order of the texts.</param>
/// <param name="JoinedLines">Lines that were the rest of a record broken by a line end.</param>
public sealed record TabularTable(string Name, FeatureMatrix X, float[] Y, ImmutableArray<ImmutableArray<string>> CategoryNames, int JoinedLines);
