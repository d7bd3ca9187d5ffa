namespace Tributary.Intelligence.Journal.Labels;

/// <summary>Who says so, the weakest first: where two contradict each other, the stronger holds, and of two equals the one that observed later.</summary>
public enum LabelSource
{
    /// <summary>A program's inference.</summary>
    Automatic = 0,

    /// <summary>What the network shows: a conflicting transaction, an HTLC that timed out.</summary>
    Network = 1,

    /// <summary>The decision of a rail's operator, such as a dispute that was lost.</summary>
    Rail = 2,

    /// <summary>A person of the merchant.</summary>
    Analyst = 3,

    /// <summary>A person who decided a contest.</summary>
    Contest = 4,
}
