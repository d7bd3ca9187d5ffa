namespace Tributary.Intelligence.Journal.Labels;

/// <summary>What a label did to what was known.</summary>
[Flags]
public enum LabelNotices
{
    /// <summary>It is the first for its decision.</summary>
    None = 0,

    /// <summary>The same event was reported before: nothing changes.</summary>
    Duplicate = 1,

    /// <summary>It says otherwise than what was held.</summary>
    Contradicts = 2,

    /// <summary>It holds from now on, in place of what was held.</summary>
    Supersedes = 4,

    /// <summary>A stronger or a later observation goes on holding.</summary>
    Outweighed = 8,
}
