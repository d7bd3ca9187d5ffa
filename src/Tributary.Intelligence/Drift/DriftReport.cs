using System.Collections.Immutable;

namespace Tributary.Intelligence.Drift;

/// <summary>How far rows, scores and labels have moved since the model was made.</summary>
/// <param name="Features">A finding per feature, the furthest first.</param>
/// <param name="Scores">Of the scores.</param>
/// <param name="Labels">Of the labels, as far as they are known.</param>
public sealed record DriftReport(ImmutableArray<DriftFinding> Features, DriftFinding Scores, DriftFinding Labels)
{
    /// <summary>The worst level of all.</summary>
    public DriftLevel Worst => Features.Append(Scores).Append(Labels).Max(finding => finding.Level);
}
