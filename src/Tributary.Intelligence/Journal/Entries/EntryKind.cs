namespace Tributary.Intelligence.Journal.Entries;

/// <summary>What a record holds. Numbers are never used again.</summary>
public enum EntryKind
{
    /// <summary>Features, facts, lists and velocities that decisions from here on refer to.</summary>
    Schema = 1,

    /// <summary>A model came into use.</summary>
    Model = 2,

    /// <summary>A policy was saved.</summary>
    PolicySaved = 3,

    /// <summary>A policy was run over history.</summary>
    PolicyBacktested = 4,

    /// <summary>A policy went to shadow, live or out of use.</summary>
    PolicyMoved = 5,

    /// <summary>A decision.</summary>
    Decision = 6,

    /// <summary>What became of a decided payment.</summary>
    Label = 7,

    /// <summary>A payer contests a decision.</summary>
    ContestOpened = 8,

    /// <summary>A person took a contest.</summary>
    ContestAssigned = 9,

    /// <summary>A person decided a contest.</summary>
    ContestResolved = 10,

    /// <summary>A rail was chosen.</summary>
    RoutingChoice = 11,

    /// <summary>What became of a routing choice.</summary>
    RoutingOutcome = 12,

    /// <summary>Payment methods were ranked.</summary>
    MethodRanking = 13,

    /// <summary>What became of a ranking.</summary>
    RankingOutcome = 14,
}
