using System.Collections.Immutable;

namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>A policy as it was written: the nodes of the grammar in docs/intelligence/policy.md.</summary>
internal static class SyntaxTree
{
    /// <summary>A condition or a value as it was written.</summary>
    /// <param name="Span">Where.</param>
    /// <param name="Depth">Levels of nesting below.</param>
    internal abstract record Expression(SourceSpan Span, int Depth);

    // Mantissa: The digits.
    // Decimals: How many of them stand behind the point.
    internal sealed record NumberLiteral(SourceSpan Span, long Mantissa, int Decimals) : Expression(Span, 1);

    internal sealed record TextLiteral(SourceSpan Span, string Value) : Expression(Span, 1);

    internal sealed record TruthLiteral(SourceSpan Span, bool Value) : Expression(Span, 1);

    internal sealed record AttributeReference(SourceSpan Span, string Name) : Expression(Span, 1);

    internal sealed record NameReference(SourceSpan Span, string Name) : Expression(Span, 1);

    internal sealed record VelocityReference(SourceSpan Span, string Aggregate, string? Of, string Entity, TimeSpan Window) : Expression(Span, 1);

    internal sealed record CallExpression(SourceSpan Span, string Function, ImmutableArray<Expression> Arguments)
        : Expression(Span, 1 + Arguments.Select(static argument => argument.Depth).DefaultIfEmpty().Max());

    internal sealed record NegationExpression(SourceSpan Span, Expression Operand) : Expression(Span, Operand.Depth + 1);

    internal sealed record NotExpression(SourceSpan Span, Expression Operand) : Expression(Span, Operand.Depth + 1);

    internal sealed record ArithmeticExpression(SourceSpan Span, TokenKind Operator, Expression Left, Expression Right)
        : Expression(Span, Math.Max(Left.Depth, Right.Depth) + 1);

    internal sealed record ComparisonExpression(SourceSpan Span, TokenKind Operator, Expression Left, Expression Right)
        : Expression(Span, Math.Max(Left.Depth, Right.Depth) + 1);

    internal sealed record BetweenExpression(SourceSpan Span, Expression Operand, Expression Low, Expression High, bool Negated)
        : Expression(Span, Math.Max(Operand.Depth, Math.Max(Low.Depth, High.Depth)) + 1);

    // Operator: And or Or.
    internal sealed record LogicalExpression(SourceSpan Span, TokenKind Operator, ImmutableArray<Expression> Operands)
        : Expression(Span, Operands.Max(static operand => operand.Depth) + 1);

    internal sealed record MissingExpression(SourceSpan Span, Expression Operand, bool Negated) : Expression(Span, Operand.Depth + 1);

    // Operand: Null where the list's own attribute is meant.
    internal sealed record InListExpression(SourceSpan Span, Expression? Operand, string List, bool Negated)
        : Expression(Span, (Operand?.Depth ?? 0) + 1);

    internal sealed record InSetExpression(SourceSpan Span, Expression Operand, ImmutableArray<Expression> Items, bool Negated)
        : Expression(Span, Operand.Depth + 1);

    internal sealed record TextTestExpression(SourceSpan Span, TextTest Test, Expression Operand, Expression Argument, bool Negated)
        : Expression(Span, Math.Max(Operand.Depth, Argument.Depth) + 1);

    /// <summary>A part of a policy as it was written.</summary>
    /// <param name="Span">Where.</param>
    /// <param name="Points">The decision points that it is for; empty outside of <c>at</c>, for all of them.</param>
    internal abstract record Statement(SourceSpan Span, ImmutableArray<DecisionPoint> Points);

    // Condition: Null for "otherwise".
    internal sealed record RuleStatement(
        SourceSpan Span,
        ImmutableArray<DecisionPoint> Points,
        Verdict Verdict,
        Expression? Condition,
        bool IsShadow,
        string? Because,
        PayerCategory? ShownAs) : Statement(Span, Points);

    internal sealed record BudgetStatement(SourceSpan Span, ImmutableArray<DecisionPoint> Points, DecisionBudget Budget) : Statement(Span, Points);

    internal sealed record LetStatement(SourceSpan Span, string Name, Expression Value) : Statement(Span, []);

    internal enum TextTest
    {
        Contains,
        StartsWith,
        EndsWith,
    }
}
