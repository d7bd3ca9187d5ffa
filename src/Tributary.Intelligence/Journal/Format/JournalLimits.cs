namespace Tributary.Intelligence.Journal.Format;

/// <summary>The bounds of the journal's format. A reader refuses what lies beyond, a writer does not produce it.</summary>
public static class JournalLimits
{
    /// <summary>Bytes of a record's body.</summary>
    public const int MaxBodyLength = 1 << 20;

    /// <summary>Features of a schema.</summary>
    public const int MaxFeatures = 4_096;

    /// <summary>Facts of a schema.</summary>
    public const int MaxFacts = 256;

    /// <summary>Reasons kept with a decision.</summary>
    public const int MaxReasons = 64;

    /// <summary>Bytes of a text in a record, except for the text of a policy.</summary>
    public const int MaxTextBytes = 4_096;

    /// <summary>Bytes of a policy's text.</summary>
    public const int MaxPolicyBytes = 1 << 20;
}
