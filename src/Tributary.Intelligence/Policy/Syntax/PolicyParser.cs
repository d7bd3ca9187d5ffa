using System.Collections.Immutable;
using static Tributary.Intelligence.Policy.Syntax.SyntaxTree;

namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>
/// Parses a policy. Total: any text gives a syntax tree and the errors in it; after an error it goes on at the next word that begins a
/// statement. The grammar stands in docs/intelligence/policy.md.
/// </summary>
internal sealed class PolicyParser
{
    private readonly DiagnosticBag _diagnostics;
    private readonly TokenCursor _cursor;
    private readonly ExpressionParser _expressions;
    private readonly ImmutableArray<Statement>.Builder _statements = ImmutableArray.CreateBuilder<Statement>();
    private ImmutableArray<DecisionPoint> _points = [];
    private string? _name;
    private int _rules;
    private int _definitions;

    private PolicyParser(string text, DiagnosticBag diagnostics)
    {
        _diagnostics = diagnostics;
        _cursor = new TokenCursor(new Lexer(text, diagnostics).ReadAll());
        _expressions = new ExpressionParser(_cursor, diagnostics);
    }

    /// <summary>Parses a text that is within the bound on length.</summary>
    public static PolicySyntax Parse(string text, DiagnosticBag diagnostics)
    {
        var parser = new PolicyParser(text, diagnostics);
        parser.Policy();
        return new PolicySyntax(parser._name, parser._statements.ToImmutable());
    }

    private void Policy()
    {
        while (_cursor.Current.Kind != TokenKind.End && !_diagnostics.IsFull)
        {
            if (_cursor.TryTake(TokenKind.Semicolon))
                continue;
            if (_cursor.Current.IsWord("at"))
                Section();
            else if (!StatementOrError())
                Recover();
        }
    }

    private void Section()
    {
        var start = _cursor.Take().Span;
        var points = ImmutableArray.CreateBuilder<DecisionPoint>();
        do
        {
            if (_cursor.Current.Kind != TokenKind.Word || !Keywords.Points.TryGetValue(_cursor.Current.Value, out var point))
            {
                Fail($"A decision point is expected, not {_cursor.Describe()}.", $"Decision points are {string.Join(", ", Keywords.Points.Keys)}.");
                Recover();
                return;
            }

            _cursor.Take();
            if (!points.Contains(point))
                points.Add(point);
        }
        while (_cursor.TryTake(TokenKind.Comma) || _cursor.TryTakeWord("and"));

        if (!_cursor.TryTake(TokenKind.LeftBrace))
        {
            Fail($"The rules of a decision point stand in braces, and here stands {_cursor.Describe()}.", "Write at checkout { … }.");
            Recover();
            return;
        }

        _points = points.ToImmutable();
        while (!_cursor.TryTake(TokenKind.RightBrace))
        {
            if (_cursor.Current.Kind == TokenKind.End)
            {
                _diagnostics.Error(start, "The braces of this decision point are not closed.", "Close them with }.");
                break;
            }

            if (_diagnostics.IsFull)
                break;
            if (_cursor.TryTake(TokenKind.Semicolon))
                continue;
            if (_cursor.Current.IsWord("at"))
            {
                Fail("Decision points do not stand inside one another.", "Close the braces first.");
                break;
            }

            if (!StatementOrError())
                Recover();
        }

        _points = [];
    }

    private bool StatementOrError()
    {
        var token = _cursor.Current;
        if (token.IsWord("policy"))
            return Name();
        if (token.IsWord("let"))
            return Let();
        if (token.IsWord("budget"))
            return Budget();
        if (token.IsWord("otherwise"))
            return Otherwise();
        if (token.IsWord("shadow") || (token.Kind == TokenKind.Word && Keywords.Verdicts.ContainsKey(token.Value)))
            return Rule();
        if (token.IsWord("list"))
            return Fail("Lists are not made in a policy.", "Make the list beside the policies, and ask for it with in list(name).");
        return Fail(
            $"A statement is expected, not {_cursor.Describe()}.",
            "Statements begin with allow, step_up, review, block, shadow, otherwise, let, budget, at or policy.");
    }

    private bool Name()
    {
        _cursor.Take();
        if (_cursor.Current.Kind != TokenKind.Text)
            return Fail($"The name of the policy is expected, not {_cursor.Describe()}.", "Write policy 'Name'.");
        if (_name is not null || _statements.Count > 0 || !_points.IsEmpty)
            return Fail("The name stands once, before everything else.", "Move it to the top.");
        _name = _cursor.Take().Value;
        return true;
    }

    private bool Let()
    {
        var start = _cursor.Take().Span;
        if (!_points.IsEmpty)
            return Fail("Definitions stand outside of braces.", "Move let to the top of the policy.");
        if (++_definitions > PolicyLimits.MaxDefinitions)
            return Fail($"A policy has at most {PolicyLimits.MaxDefinitions} definitions.", "Take some out.");
        var name = _cursor.Current;
        if (name.Kind != TokenKind.Word || Keywords.IsReserved(name.Value))
            return Fail($"The name of the definition is expected, not {_cursor.Describe()}.", "Write let large = :amount: > 500, with a name that is no word of the language.");
        _cursor.Take();
        if (!_cursor.TryTake(TokenKind.Equal))
            return Fail($"A definition needs = after its name, and here stands {_cursor.Describe()}.", $"Write let {name.Value} = …");
        if (_expressions.Parse() is not { } value || !AtEnd())
            return false;
        _statements.Add(new LetStatement(_cursor.SpanFrom(start), name.Value, value));
        return true;
    }

    private bool Budget()
    {
        var start = _cursor.Take().Span;
        if (DurationReader.Read(_cursor, _diagnostics) is not { } time)
            return false;
        const string Advice = "Write budget 20 ms then hold, then fail open, or then fail closed.";
        if (!_cursor.TryTakeWord("then"))
            return Fail($"A budget says what happens when it is spent, and here stands {_cursor.Describe()}.", Advice);

        ExhaustedBudget whenSpent;
        if (_cursor.TryTakeWord("hold"))
            whenSpent = ExhaustedBudget.Hold;
        else if (_cursor.TryTakeWord("fail_open") || TakeWords("fail", "open"))
            whenSpent = ExhaustedBudget.FailOpen;
        else if (_cursor.TryTakeWord("fail_closed") || TakeWords("fail", "closed"))
            whenSpent = ExhaustedBudget.FailClosed;
        else
            return Fail($"What happens when the budget is spent is expected, not {_cursor.Describe()}.", Advice);
        if (!AtEnd())
            return false;
        _statements.Add(new BudgetStatement(_cursor.SpanFrom(start), _points, new DecisionBudget(time, whenSpent)));
        return true;
    }

    private bool Otherwise()
    {
        var start = _cursor.Take().Span;
        if (_cursor.Current.Kind != TokenKind.Word || !Keywords.Verdicts.TryGetValue(_cursor.Current.Value, out var verdict))
            return Fail($"A verdict is expected, not {_cursor.Describe()}.", $"Verdicts are {string.Join(", ", Keywords.Verdicts.Keys)}.");
        _cursor.Take();
        if (_cursor.Current.IsWord("if"))
            return Fail("\"otherwise\" has no condition.", "Take \"otherwise\" out, or the condition.");
        return CountRule() && Clauses(out var because, out var shownAs) && AtEnd()
            && Add(new RuleStatement(_cursor.SpanFrom(start), _points, verdict, Condition: null, IsShadow: false, because, shownAs));
    }

    private bool Rule()
    {
        var start = _cursor.Current.Span;
        var isShadow = _cursor.TryTakeWord("shadow");
        if (_cursor.Current.Kind != TokenKind.Word || !Keywords.Verdicts.TryGetValue(_cursor.Current.Value, out var verdict))
            return Fail($"After \"shadow\" stands a verdict, not {_cursor.Describe()}.", $"Verdicts are {string.Join(", ", Keywords.Verdicts.Keys)}.");
        var word = _cursor.Take().Value;
        if (!_cursor.TryTakeWord("if"))
            return Fail($"A rule needs a condition, and here stands {_cursor.Describe()}.", $"Write {word} if …, or otherwise {word} at the end.");
        return CountRule() && _expressions.Parse() is { } condition && Clauses(out var because, out var shownAs) && AtEnd()
            && Add(new RuleStatement(_cursor.SpanFrom(start), _points, verdict, condition, isShadow, because, shownAs));
    }

    private bool Clauses(out string? because, out PayerCategory? shownAs)
    {
        (because, shownAs) = (null, null);
        while (true)
        {
            if (because is null && _cursor.TryTakeWord("because"))
            {
                if (_cursor.Current.Kind != TokenKind.Text)
                    return Fail($"After \"because\" stands a text, not {_cursor.Describe()}.", "Write because 'many cards from one device'.");
                because = _cursor.Take().Value;
            }
            else if (shownAs is null && _cursor.Current.IsWord("shown"))
            {
                _cursor.Take();
                if (!_cursor.TryTakeWord("as") || _cursor.Current.Kind != TokenKind.Word || !Keywords.Categories.TryGetValue(_cursor.Current.Value, out var category))
                    return Fail($"What the payer sees is expected, not {_cursor.Describe()}.", $"Write shown as and one of {string.Join(", ", Keywords.Categories.Keys)}.");
                _cursor.Take();
                shownAs = category;
            }
            else
            {
                return true;
            }
        }
    }

    private bool CountRule() =>
        ++_rules <= PolicyLimits.MaxRules || Fail($"A policy has at most {PolicyLimits.MaxRules} rules.", "Join rules with or, or use a list.");

    // A statement ends where the next one begins.
    private bool AtEnd()
    {
        var token = _cursor.Current;
        if (token.Kind is TokenKind.End or TokenKind.Semicolon or TokenKind.RightBrace || Keywords.BeginsStatement(token))
            return true;
        return Fail(
            $"The statement should end before {_cursor.Describe()}.",
            token.Kind == TokenKind.Word ? "Join conditions with and or or." : "Join conditions with and or or, or begin a new rule with its verdict.");
    }

    private bool Add(RuleStatement rule)
    {
        _statements.Add(rule);
        return true;
    }

    private bool TakeWords(string first, string second)
    {
        if (!_cursor.Current.IsWord(first) || !_cursor.Following.IsWord(second))
            return false;
        _cursor.Take();
        _cursor.Take();
        return true;
    }

    private bool Fail(string message, string advice)
    {
        _diagnostics.Error(_cursor.Current.Span, message, advice);
        return false;
    }

    // The word at fault is passed first, so that every round makes progress.
    private void Recover()
    {
        if (!Keywords.BeginsStatement(_cursor.Current))
            _cursor.Take();
        while (_cursor.Current.Kind is not (TokenKind.End or TokenKind.RightBrace) && !Keywords.BeginsStatement(_cursor.Current))
            _cursor.Take();
    }
}
