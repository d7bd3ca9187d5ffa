namespace Tributary.Intelligence.Tabular;

/// <summary>A column of a file.</summary>
/// <param name="Name">As in the file's header, or as documented where it has none.</param>
/// <param name="Role">What it is for.</param>
public sealed record TabularColumn(string Name, ColumnRole Role);
