namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>A datum about a person.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">What it was; "missing" where there was none.</param>
public sealed record ExportedValue(string Name, string Value);
