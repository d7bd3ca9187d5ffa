using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Ranking.OffPolicy;

/// <summary>What a policy chose, how likely it was to choose so, and what came of it: the log from which another policy's value is estimated.</summary>
public sealed class LoggedChoices
{
    private readonly int[] _actions;
    private readonly double[] _propensities;
    private readonly double[] _rewards;

    private LoggedChoices(int actionCount, int[] actions, double[] propensities, double[] rewards)
    {
        ActionCount = actionCount;
        _actions = actions;
        _propensities = propensities;
        _rewards = rewards;
    }

    /// <summary>Actions that can be chosen, numbered from zero.</summary>
    public int ActionCount { get; }

    /// <summary>Choices logged.</summary>
    public int Count => _actions.Length;

    /// <summary>The action of each choice.</summary>
    public ReadOnlySpan<int> Actions => _actions;

    /// <summary>The logging policy's probability of that action, in (0, 1].</summary>
    public ReadOnlySpan<double> Propensities => _propensities;

    /// <summary>What came of each choice; finite.</summary>
    public ReadOnlySpan<double> Rewards => _rewards;

    /// <summary>
    /// Takes the columns of a log; not copied. Refused: no rows, columns of different length, an action out of range, a propensity outside
    /// (0, 1] or a reward that is not finite, with the row.
    /// </summary>
    public static Result<LoggedChoices, Refusal> Create(int actionCount, int[] actions, double[] propensities, double[] rewards)
    {
        if (actionCount < 1)
            return new Refusal("action_count", "There is at least one action.");
        if (actions.Length == 0)
            return new Refusal("rows", "The log is empty.");
        if (propensities.Length != actions.Length || rewards.Length != actions.Length)
            return new Refusal("rows", $"{actions.Length} actions, {propensities.Length} propensities and {rewards.Length} rewards do not make rows.");
        for (var row = 0; row < actions.Length; row++)
        {
            if ((uint)actions[row] >= (uint)actionCount)
                return new Refusal($"rows[{row}].action", $"{actions[row]} is not one of the {actionCount} actions, which count from 0.");
            if (propensities[row] is not (> 0 and <= 1))
                return new Refusal($"rows[{row}].propensity", $"{propensities[row]} is not a probability above zero: the choice could not have been logged.");
            if (!double.IsFinite(rewards[row]))
                return new Refusal($"rows[{row}].reward", $"{rewards[row]} is not a number.");
        }

        return new LoggedChoices(actionCount, actions, propensities, rewards);
    }
}
