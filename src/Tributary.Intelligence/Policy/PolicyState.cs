namespace Tributary.Intelligence.Policy;

/// <summary>Where a version of a policy is on its way.</summary>
public enum PolicyState
{
    /// <summary>Saved, and not run over history yet.</summary>
    Saved = 0,

    /// <summary>Run over history.</summary>
    Backtested = 1,

    /// <summary>Decides beside the live policy without acting.</summary>
    Shadow = 2,

    /// <summary>Decides.</summary>
    Live = 3,

    /// <summary>Out of use; can be made live again.</summary>
    Retired = 4,
}
