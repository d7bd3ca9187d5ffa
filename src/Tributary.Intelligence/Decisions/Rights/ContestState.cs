namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>Where a contest is.</summary>
public enum ContestState
{
    /// <summary>Nobody has taken it yet.</summary>
    Open = 0,

    /// <summary>A person looks at it.</summary>
    Assigned = 1,

    /// <summary>The decision stands.</summary>
    Upheld = 2,

    /// <summary>The decision is set aside.</summary>
    Overturned = 3,
}
