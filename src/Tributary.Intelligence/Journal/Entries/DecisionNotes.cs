namespace Tributary.Intelligence.Journal.Entries;

/// <summary>What was out of the ordinary about a decision.</summary>
[Flags]
public enum DecisionNotes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>There was no model.</summary>
    NoModel = 1,

    /// <summary>The model failed or gave no number: the score is missing.</summary>
    ModelFault = 2,

    /// <summary>The time was spent before the policy could decide: the verdict is what the policy says for that.</summary>
    BudgetSpent = 4,

    /// <summary>The time did not suffice for reasons.</summary>
    ReasonsOmitted = 8,

    /// <summary>The explainer failed: there are no reasons.</summary>
    ExplainerFault = 16,

    /// <summary>The model may only inform or send to review.</summary>
    ColdStart = 32,

    /// <summary>A feature was infinite.</summary>
    InfiniteFeature = 64,

    /// <summary>A feature was missing.</summary>
    MissingFeature = 128,

    /// <summary>The challenger failed: its score is missing.</summary>
    ChallengerFault = 256,
}
