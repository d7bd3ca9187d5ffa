using System.Collections.Immutable;
using System.Globalization;
using static Tributary.Intelligence.Policy.Syntax.SyntaxTree;

namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>Parses conditions and values by recursive descent, with depth as a bound. A null is an error that was reported.</summary>
internal sealed class ExpressionParser(TokenCursor cursor, DiagnosticBag diagnostics)
{
    private int _depth;

    public Expression? Parse() => Disjunction();

    private Expression? Disjunction() => Logical(TokenKind.Or, "or", Conjunction);

    private Expression? Conjunction() => Logical(TokenKind.And, "and", Negation);

    private Expression? Logical(TokenKind symbol, string word, Func<Expression?> operand)
    {
        var start = cursor.Current.Span;
        if (operand() is not { } first)
            return null;

        ImmutableArray<Expression>.Builder? operands = null;
        while (cursor.TryTake(symbol) || cursor.TryTakeWord(word))
        {
            if (operand() is not { } next)
                return null;
            operands ??= Start(first);
            operands.Add(next);
        }

        return operands is null ? first : Bounded(new LogicalExpression(cursor.SpanFrom(start), symbol, operands.ToImmutable()));
    }

    private static ImmutableArray<Expression>.Builder Start(Expression first)
    {
        var operands = ImmutableArray.CreateBuilder<Expression>();
        operands.Add(first);
        return operands;
    }

    private Expression? Negation()
    {
        var start = cursor.Current.Span;
        var isNotIn = cursor.Current.IsWord("not") && cursor.Following.IsWord("in");
        if (isNotIn || !(cursor.TryTake(TokenKind.Not) || cursor.TryTakeWord("not")))
            return Comparison();
        if (!Enter(start))
            return null;
        var operand = Negation();
        _depth--;
        return operand is null ? null : Bounded(new NotExpression(cursor.SpanFrom(start), operand));
    }

    private Expression? Comparison()
    {
        var start = cursor.Current.Span;

        // "in list(trusted)" and "not in list(trusted)" ask about the list's own attribute.
        if (cursor.Current.IsWord("in") || (cursor.Current.IsWord("not") && cursor.Following.IsWord("in")))
            return Membership(start, operand: null);
        if (Sum() is not { } left)
            return null;

        var kind = cursor.Current.Kind;
        if (kind is TokenKind.Equal or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual)
        {
            cursor.Take();
            if (Sum() is not { } right)
                return null;
            if (cursor.Current.Kind is >= TokenKind.Equal and <= TokenKind.GreaterOrEqual)
                return Fail("Comparisons do not chain.", "Write :x: > 1 and :x: < 5, or :x: between 1 and 5.");
            return Bounded(new ComparisonExpression(cursor.SpanFrom(start), kind, left, right));
        }

        if (cursor.Current.IsWord("is"))
            return Missing(start, left);
        if (cursor.Current.IsWord("in") || (cursor.Current.IsWord("not") && cursor.Following.IsWord("in")))
            return Membership(start, left);
        var negated = cursor.Current.IsWord("not") && IsTest(cursor.Following);
        if (negated)
            cursor.Take();
        if (cursor.Current.IsWord("between"))
            return Between(start, left, negated);
        return IsTest(cursor.Current) ? Test(start, left, negated) : left;
    }

    private static bool IsTest(Token token) => token.IsWord("contains") || token.IsWord("starts") || token.IsWord("ends") || token.IsWord("between");

    private Expression? Missing(SourceSpan start, Expression operand)
    {
        cursor.Take();
        var negated = cursor.TryTakeWord("not");
        if (!cursor.TryTakeWord("missing"))
            return Fail($"After \"is\" stands \"missing\" or \"not missing\", not {cursor.Describe()}.", "Compare with = instead, or write is missing.");
        return Bounded(new MissingExpression(cursor.SpanFrom(start), operand, negated));
    }

    private Expression? Between(SourceSpan start, Expression operand, bool negated)
    {
        cursor.Take();
        if (Sum() is not { } low)
            return null;
        if (!cursor.TryTakeWord("and"))
            return Fail($"\"between\" needs two bounds joined by \"and\", and here stands {cursor.Describe()}.", "Write between 1 and 5.");
        if (Sum() is not { } high)
            return null;
        return Bounded(new BetweenExpression(cursor.SpanFrom(start), operand, low, high, negated));
    }

    private Expression? Test(SourceSpan start, Expression operand, bool negated)
    {
        var word = cursor.Take();
        var test = word.IsWord("contains") ? TextTest.Contains : word.IsWord("starts") ? TextTest.StartsWith : TextTest.EndsWith;
        if (test != TextTest.Contains && !cursor.TryTakeWord("with"))
            return Fail($"\"{word.Value}\" is followed by \"with\", not {cursor.Describe()}.", $"Write {word.Value} with 'text'.");
        if (Sum() is not { } argument)
            return null;
        return Bounded(new TextTestExpression(cursor.SpanFrom(start), test, operand, argument, negated));
    }

    private Expression? Membership(SourceSpan start, Expression? operand)
    {
        var negated = cursor.TryTakeWord("not");
        cursor.Take();
        if (cursor.Current.Kind == TokenKind.List)
        {
            var list = cursor.Take();
            return Bounded(new InListExpression(cursor.SpanFrom(start), operand, list.Value, negated));
        }

        if (cursor.TryTakeWord("list"))
            return NamedList(start, operand, negated);
        if (operand is null)
            return Fail($"\"in\" stands without anything before it, and {cursor.Describe()} is no list.", "Write :country: in ('DE', 'FR'), or in list(name).");

        var close = cursor.Current.Kind switch
        {
            TokenKind.LeftParenthesis => TokenKind.RightParenthesis,
            TokenKind.LeftBracket => TokenKind.RightBracket,
            TokenKind.LeftBrace => TokenKind.RightBrace,
            _ => TokenKind.Bad,
        };
        if (close == TokenKind.Bad)
            return Fail($"After \"in\" stands a list or values in parentheses, not {cursor.Describe()}.", "Write in ('DE', 'FR'), or in list(name).");
        cursor.Take();
        var items = Items(close);
        return items is null ? null : Bounded(new InSetExpression(cursor.SpanFrom(start), operand, items.Value, negated));
    }

    private Expression? NamedList(SourceSpan start, Expression? operand, bool negated)
    {
        if (!cursor.TryTake(TokenKind.LeftParenthesis) || cursor.Current.Kind != TokenKind.Word)
            return Fail($"The name of a list is expected in parentheses, not {cursor.Describe()}.", "Write list(trusted).");
        var name = cursor.Take();
        if (!cursor.TryTake(TokenKind.RightParenthesis))
            return Fail($"The parenthesis after list({name.Value} is not closed.", $"Write list({name.Value}).");
        return Bounded(new InListExpression(cursor.SpanFrom(start), operand, name.Value, negated));
    }

    private ImmutableArray<Expression>? Items(TokenKind close)
    {
        var items = ImmutableArray.CreateBuilder<Expression>();
        while (!cursor.TryTake(close))
        {
            if (items.Count > 0 && !cursor.TryTake(TokenKind.Comma))
            {
                Fail($"A comma or the end of the values is expected, not {cursor.Describe()}.", "Separate values by commas: ('DE', 'FR').");
                return null;
            }

            if (Sum() is not { } item)
                return null;
            items.Add(item);
        }

        return items.ToImmutable();
    }

    private Expression? Sum() => Chain(TokenKind.Plus, TokenKind.Minus, Product);

    private Expression? Product() => Chain(TokenKind.Times, TokenKind.Over, Unary);

    private Expression? Chain(TokenKind first, TokenKind second, Func<Expression?> operand)
    {
        var start = cursor.Current.Span;
        var left = operand();
        while (left is not null && (cursor.Current.Kind == first || cursor.Current.Kind == second))
        {
            var operation = cursor.Take().Kind;
            var right = operand();
            left = right is null ? null : Bounded(new ArithmeticExpression(cursor.SpanFrom(start), operation, left, right));
        }

        return left;
    }

    private Expression? Unary()
    {
        var start = cursor.Current.Span;
        if (!cursor.TryTake(TokenKind.Minus))
            return Primary();
        if (!Enter(start))
            return null;
        var operand = Unary();
        _depth--;
        if (operand is NumberLiteral literal)
            return literal with { Span = cursor.SpanFrom(start), Mantissa = -literal.Mantissa };
        return operand is null ? null : Bounded(new NegationExpression(cursor.SpanFrom(start), operand));
    }

    private Expression? Primary()
    {
        var token = cursor.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                cursor.Take();
                return Literal(token);
            case TokenKind.Text:
                cursor.Take();
                return new TextLiteral(token.Span, token.Value);
            case TokenKind.Attribute:
                cursor.Take();
                return new AttributeReference(token.Span, token.Value);
            case TokenKind.LeftParenthesis:
                return Parenthesised(token.Span);
            case TokenKind.Word:
                return Word(token);
            case TokenKind.List:
                return Fail($"The list @{token.Value} stands where a value is expected.", $"Write in @{token.Value}.");
            default:
                return Fail($"A value is expected, not {cursor.Describe()}.", "Write an attribute such as :amount:, a number, a text in quotes, or a condition in parentheses.");
        }
    }

    private static NumberLiteral Literal(Token token)
    {
        var point = token.Value.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : token.Value.Length - point - 1;
        return new NumberLiteral(token.Span, long.Parse(token.Value.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), decimals);
    }

    private Expression? Parenthesised(SourceSpan start)
    {
        if (!Enter(start))
            return null;
        cursor.Take();
        var inner = Disjunction();
        _depth--;
        if (inner is null || cursor.TryTake(TokenKind.RightParenthesis))
            return inner;
        return Fail($"The parenthesis is not closed: here stands {cursor.Describe()}.", "Close it with ).");
    }

    private Expression? Word(Token word)
    {
        if (word.IsWord("true") || word.IsWord("false"))
        {
            cursor.Take();
            return new TruthLiteral(word.Span, word.IsWord("true"));
        }

        if (Keywords.IsReserved(word.Value))
            return Fail($"A value is expected, not the word \"{word.Value}\".", "Write an attribute such as :amount:, a number, a text in quotes, or a condition in parentheses.");

        cursor.Take();
        if (cursor.Current.IsWord("per"))
            return Velocity(word, of: null);
        if (cursor.Current.Kind != TokenKind.LeftParenthesis)
            return new NameReference(word.Span, word.Value);
        if (!Enter(word.Span))
            return null;
        cursor.Take();
        var arguments = Items(TokenKind.RightParenthesis);
        _depth--;
        if (arguments is null)
            return null;
        if (!cursor.Current.IsWord("per"))
            return Bounded(new CallExpression(cursor.SpanFrom(word.Span), word.Value, arguments.Value));
        return arguments.Value is [var argument] && NameOf(argument) is { } of
            ? Velocity(word, of)
            : Fail($"\"{word.Value}\" of a velocity has one name in parentheses.", $"Write {word.Value}(amount) per card in 24h.");
    }

    private static string? NameOf(Expression expression) => expression switch
    {
        NameReference name => name.Name,
        AttributeReference attribute => attribute.Name,
        _ => null,
    };

    private Expression? Velocity(Token aggregate, string? of)
    {
        cursor.Take();
        if (cursor.Current.Kind is not (TokenKind.Word or TokenKind.Attribute))
            return Fail($"After \"per\" stands what is counted over, not {cursor.Describe()}.", "Write count per card in 1h.");
        var entity = cursor.Take().Value;
        if (!cursor.TryTakeWord("in"))
            return Fail($"A velocity needs a window, and here stands {cursor.Describe()}.", $"Write {aggregate.Value} per {entity} in 1h.");
        return DurationReader.Read(cursor, diagnostics) is { } window
            ? new VelocityReference(cursor.SpanFrom(aggregate.Span), aggregate.Value.ToLowerInvariant(), of, entity, window)
            : null;
    }

    private bool Enter(SourceSpan span)
    {
        if (++_depth <= PolicyLimits.MaxDepth)
            return true;
        _depth--;
        TooDeep(span);
        return false;
    }

    // Checked as the tree grows: chains of + build depth without recursion here, and the next walks recurse.
    private Expression? Bounded(Expression expression)
    {
        if (expression.Depth <= PolicyLimits.MaxDepth)
            return expression;
        TooDeep(expression.Span);
        return null;
    }

    private void TooDeep(SourceSpan span) =>
        diagnostics.Error(span, $"The condition is nested more than {PolicyLimits.MaxDepth} levels deep.", "Split it with let, or into several rules.");

    private Expression? Fail(string message, string advice)
    {
        diagnostics.Error(cursor.Current.Span, message, advice);
        return null;
    }
}
