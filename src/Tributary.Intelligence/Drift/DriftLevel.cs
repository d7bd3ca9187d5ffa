namespace Tributary.Intelligence.Drift;

/// <summary>What a population stability index means, by the usual bounds.</summary>
public enum DriftLevel
{
    /// <summary>Too few rows to say: the index is no larger than chance makes it.</summary>
    Unknown,

    /// <summary>Below 0.1.</summary>
    Stable,

    /// <summary>From 0.1: look into it.</summary>
    Moderate,

    /// <summary>From 0.25: the model meets other rows than it was made for.</summary>
    Major,
}
