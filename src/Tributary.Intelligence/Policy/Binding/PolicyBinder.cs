using System.Collections.Immutable;
using System.Text;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;
using static Tributary.Intelligence.Policy.Syntax.SyntaxTree;

namespace Tributary.Intelligence.Policy.Binding;

/// <summary>Type-checks a policy's statements and looks for rules that never fire.</summary>
internal sealed class PolicyBinder(PolicySchema schema, string text, DiagnosticBag diagnostics)
{
    private static readonly ImmutableArray<DecisionPoint> Everywhere = [.. Enum.GetValues<DecisionPoint>()];

    private readonly ExpressionBinder _expressions = new(schema, diagnostics);
    private readonly List<(PolicyRule Rule, Bound? Condition, SourceSpan Span)> _rules = [];
    private readonly Dictionary<DecisionPoint, (DecisionBudget Budget, bool IsGeneral)> _budgets = [];
    private long _cost;

    /// <summary>The policy, or null after an error.</summary>
    public BoundPolicy? Bind(PolicySyntax syntax)
    {
        foreach (var statement in syntax.Statements)
        {
            switch (statement)
            {
                case LetStatement let:
                    _expressions.Define(let);
                    break;
                case BudgetStatement budget:
                    Budget(budget);
                    break;
                case RuleStatement rule:
                    Rule(rule);
                    break;
            }
        }

        if (diagnostics.HasErrors)
            return null;
        FindUnreachable();
        var always = new TruthNodes.Constant(value: true);
        return new BoundPolicy(
            [.. _rules.Select(static rule => rule.Rule)],
            [.. _rules.Select(rule => rule.Condition?.Truth ?? always)],
            [.. Everywhere.Select(point => _budgets.TryGetValue(point, out var budget) ? budget.Budget : DecisionBudget.Default)]);
    }

    private void Budget(BudgetStatement statement)
    {
        var isGeneral = statement.Points.IsEmpty;
        foreach (var point in isGeneral ? Everywhere : statement.Points)
        {
            // A budget inside braces beats the general one, wherever either stands.
            if (_budgets.TryGetValue(point, out var known))
            {
                if (known.IsGeneral == isGeneral)
                {
                    diagnostics.Error(statement.Span, "There is a budget already.", "Keep one for each decision point, and one for all others.");
                    return;
                }

                if (isGeneral)
                    continue;
            }

            _budgets[point] = (statement.Budget, isGeneral);
        }
    }

    private void Rule(RuleStatement statement)
    {
        var points = statement.Points.IsEmpty ? Everywhere : statement.Points;
        Bound? condition = null;
        if (statement.Condition is not null)
        {
            condition = _expressions.BindCondition(statement.Condition);
            if (condition is null)
                return;
            _cost += condition.Cost;
            if (_cost > PolicyLimits.MaxPolicyCost)
            {
                diagnostics.Error(statement.Span, $"With this rule the policy takes more than {PolicyLimits.MaxPolicyCost} steps.", "Take rules out, or use lists.");
                return;
            }
        }
        else if (_rules.Exists(rule => rule.Rule.IsOtherwise && rule.Rule.Points.Length == points.Length && rule.Rule.Points.Intersect(points).Any()))
        {
            diagnostics.Error(statement.Span, "There is an otherwise already.", "Keep one for each decision point, and one for all others.");
            return;
        }

        var rule = new PolicyRule(
            _rules.Count,
            statement.Span.Line,
            points,
            statement.Verdict,
            statement.IsShadow,
            IsOtherwise: statement.Condition is null,
            statement.Condition is null ? "" : OnOneLine(statement.Condition.Span),
            statement.Because,
            statement.ShownAs ?? PayerCategories.Of(statement.Verdict),
            condition is null ? [] : [.. condition.Reads],
            condition?.ReadsScore ?? false);
        _rules.Add((rule, condition, statement.Span));
    }

    private void FindUnreachable()
    {
        for (var i = 0; i < _rules.Count; i++)
        {
            var (rule, condition, span) = _rules[i];
            if (condition is null)
                continue;
            if (condition.Constant == false || condition.Ranges.IsImpossible)
            {
                diagnostics.Warn(span, "The rule never fires: no values meet its condition.", "Check its bounds.");
                continue;
            }

            for (var j = 0; j < i; j++)
            {
                if (!Shadows(_rules[j], rule, condition))
                    continue;
                diagnostics.Warn(
                    span,
                    $"The rule is never reached: whatever meets it meets the rule on line {_rules[j].Rule.Line} first.",
                    "Move it up, or take it out.");
                break;
            }
        }
    }

    private static bool Shadows((PolicyRule Rule, Bound? Condition, SourceSpan Span) earlier, PolicyRule rule, Bound condition)
    {
        if (earlier.Condition is null || (earlier.Rule.IsShadow && !rule.IsShadow))
            return false;
        var implied = earlier.Condition.Constant == true
            || earlier.Condition.Ranges.IsImpliedBy(condition.Ranges)
            || string.Equals(earlier.Rule.Condition, rule.Condition, StringComparison.Ordinal);
        return implied && !rule.Points.Except(earlier.Rule.Points).Any();
    }

    // Comments go and space becomes one blank, except between quotes; a text never spans lines.
    private string OnOneLine(SourceSpan span)
    {
        var line = new StringBuilder(span.Length);
        var (quote, comment) = ('\0', false);
        foreach (var c in text.AsSpan(span.Start, span.Length))
        {
            comment = c != '\n' && (comment || (c == '#' && quote == '\0'));
            if (comment)
                continue;
            if (quote != '\0' || c is not (' ' or '\t' or '\r' or '\n'))
                line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
            if (quote == '\0' && c is '\'' or '"')
                quote = c;
            else if (c == quote)
                quote = '\0';
        }

        return line.ToString().TrimEnd();
    }
}
