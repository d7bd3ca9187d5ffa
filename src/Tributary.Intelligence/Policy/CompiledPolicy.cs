using System.Collections.Immutable;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Policy;

/// <summary>A policy that was type-checked against a schema and is ready to run. Immutable; safe to run from many threads; running allocates nothing.</summary>
public sealed class CompiledPolicy
{
    private static readonly int PointCount = Enum.GetValues<DecisionPoint>().Length;

    private readonly RuleChain[] _acting;
    private readonly RuleChain?[] _withShadows;
    private readonly DecisionBudget[] _budgets;

    internal CompiledPolicy(
        string text,
        Bytes32 hash,
        string? name,
        PolicySchema schema,
        ImmutableArray<PolicyRule> rules,
        ImmutableArray<TruthNode> conditions,
        DecisionBudget[] budgets,
        ImmutableArray<PolicyDiagnostic> warnings)
    {
        Text = text;
        Hash = hash;
        Name = name;
        Schema = schema;
        Rules = rules;
        Warnings = warnings;
        _budgets = budgets;
        _acting = new RuleChain[PointCount];
        _withShadows = new RuleChain?[PointCount];
        for (var point = 0; point < PointCount; point++)
        {
            _acting[point] = ChainFor((DecisionPoint)point, conditions, withShadows: false);
            if (rules.Any(rule => rule.IsShadow && rule.Points.Contains((DecisionPoint)point)))
                _withShadows[point] = ChainFor((DecisionPoint)point, conditions, withShadows: true);
        }
    }

    /// <summary>The text, line ends as given.</summary>
    public string Text { get; }

    /// <summary>SHA-256 of the text in UTF-8: equal texts are one version.</summary>
    public Bytes32 Hash { get; }

    /// <summary>The policy's name, or null.</summary>
    public string? Name { get; }

    /// <summary>What it was checked against.</summary>
    public PolicySchema Schema { get; }

    /// <summary>The rules in the order of the text, shadow rules and <c>otherwise</c> included.</summary>
    public ImmutableArray<PolicyRule> Rules { get; }

    /// <summary>What is doubtful about it though it can run.</summary>
    public ImmutableArray<PolicyDiagnostic> Warnings { get; }

    /// <summary>The time that a decision at this point may take.</summary>
    public DecisionBudget BudgetFor(DecisionPoint point) => _budgets[(int)point];

    /// <summary>Decides: the first rule of the point whose condition is true, in the order of the text.</summary>
    /// <param name="point">Where the decision is taken.</param>
    /// <param name="facts">What is asked about; must be in the order of <see cref="Schema"/>.</param>
    /// <param name="modelMayDecide">False while the model may only inform or send to review.</param>
    public PolicyOutcome Evaluate(DecisionPoint point, in PolicyFacts facts, bool modelMayDecide)
    {
        var acting = _acting[(int)point].Evaluate(facts, modelMayDecide);
        var shadow = _withShadows[(int)point]?.Evaluate(facts, modelMayDecide) ?? acting;
        return new PolicyOutcome(
            acting.Verdict, acting.Rule, acting.ColdStartRule, acting.Undetermined, acting.FirstUndetermined, shadow.Verdict, shadow.Rule);
    }

    private RuleChain ChainFor(DecisionPoint point, ImmutableArray<TruthNode> conditions, bool withShadows)
    {
        var entries = new List<RuleChain.Entry>();
        PolicyRule? otherwise = null;
        foreach (var rule in Rules)
        {
            if (!rule.Points.Contains(point) || (rule.IsShadow && !withShadows))
                continue;
            if (!rule.IsOtherwise)
                entries.Add(new RuleChain.Entry(rule.Index, rule.Verdict, conditions[rule.Index], rule.ReadsScore));
            else if (otherwise is null || rule.Points.Length < otherwise.Points.Length)
                otherwise = rule;
        }

        return new RuleChain([.. entries], otherwise?.Verdict ?? Verdict.Allow, otherwise?.Index ?? -1);
    }
}
