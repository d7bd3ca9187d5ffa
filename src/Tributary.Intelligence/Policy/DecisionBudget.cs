namespace Tributary.Intelligence.Policy;

/// <summary>The time that a decision may take, and what happens when it is spent.</summary>
/// <param name="Time">From the start of the decision to its verdict.</param>
/// <param name="WhenSpent">What happens then.</param>
public readonly record struct DecisionBudget(TimeSpan Time, ExhaustedBudget WhenSpent)
{
    /// <summary>What holds where a policy says nothing: 100 ms, then hold.</summary>
    public static DecisionBudget Default => new(TimeSpan.FromMilliseconds(100), ExhaustedBudget.Hold);

    /// <summary>The verdict of a decision whose time is spent.</summary>
    public Verdict SpentVerdict => WhenSpent switch
    {
        ExhaustedBudget.FailOpen => Verdict.Allow,
        ExhaustedBudget.FailClosed => Verdict.Block,
        _ => Verdict.Review,
    };
}
