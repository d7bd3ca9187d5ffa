namespace Tributary.Intelligence.Drift;

/// <summary>How far one quantity has moved.</summary>
/// <param name="Name">The feature, "score" or "label".</param>
/// <param name="Index">The population stability index.</param>
/// <param name="ChanceBound">What chance alone makes it exceed once in a thousand times.</param>
/// <param name="Level">What that means.</param>
/// <param name="Rows">Rows seen.</param>
public readonly record struct DriftFinding(string Name, double Index, double ChanceBound, DriftLevel Level, long Rows);
