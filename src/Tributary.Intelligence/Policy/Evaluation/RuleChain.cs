namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>The rules of one decision point in the order of the text, ready to run.</summary>
internal sealed class RuleChain
{
    private readonly Entry[] _entries;
    private readonly Verdict _otherwise;
    private readonly int _otherwiseRule;

    public RuleChain(Entry[] entries, Verdict otherwise, int otherwiseRule)
    {
        _entries = entries;
        _otherwise = otherwise;
        _otherwiseRule = otherwiseRule;
    }

    /// <summary>Runs to the first rule that decides.</summary>
    /// <param name="facts">What is asked about.</param>
    /// <param name="modelMayDecide">False in the cold start: what fires by the score alone becomes a review, and the rules go on without it.</param>
    public Result Evaluate(in PolicyFacts facts, bool modelMayDecide)
    {
        var (coldStart, undetermined, firstUndetermined) = (-1, 0, -1);
        var heldForReview = -1;
        var (verdict, decider) = (_otherwise, _otherwiseRule);
        foreach (var entry in _entries)
        {
            var truth = entry.Condition.Evaluate(facts);
            if (truth == Truth.False)
                continue;
            if (truth == Truth.Unknown)
            {
                undetermined++;
                firstUndetermined = firstUndetermined < 0 ? entry.Rule : firstUndetermined;
                continue;
            }

            // True without the score as well means that the rule, not the model, decides.
            if (!modelMayDecide && entry.ReadsScore && entry.Condition.Evaluate(facts.WithoutScore()) != Truth.True)
            {
                coldStart = coldStart < 0 ? entry.Rule : coldStart;
                if (entry.Verdict != Verdict.Allow && heldForReview < 0)
                    heldForReview = entry.Rule;
                continue;
            }

            (verdict, decider) = (entry.Verdict, entry.Rule);
            break;
        }

        if (heldForReview >= 0 && verdict < Verdict.Review)
            (verdict, decider) = (Verdict.Review, heldForReview);
        return new Result(verdict, decider, coldStart, undetermined, firstUndetermined);
    }

    /// <summary>What a chain says.</summary>
    public readonly record struct Result(Verdict Verdict, int Rule, int ColdStartRule, int Undetermined, int FirstUndetermined);

    /// <summary>One rule of a chain.</summary>
    public readonly record struct Entry(int Rule, Verdict Verdict, TruthNode Condition, bool ReadsScore);
}
