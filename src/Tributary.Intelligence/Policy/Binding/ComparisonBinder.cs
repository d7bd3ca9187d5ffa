using System.Collections.Frozen;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;
using static Tributary.Intelligence.Policy.Syntax.SyntaxTree;

namespace Tributary.Intelligence.Policy.Binding;

/// <summary>Type-checks comparisons, sets, lists and tests of texts. A null is an error that was reported.</summary>
internal sealed class ComparisonBinder(PolicySchema schema, DiagnosticBag diagnostics, NumericBinding numeric)
{
    public Bound? Compare(SourceSpan span, Comparison comparison, Bound left, Bound right)
    {
        if (left.Type.IsNumeric && right.Type.IsNumeric)
            return CompareNumeric(span, comparison, left, right);
        if (left.Type.Kind != right.Type.Kind)
        {
            diagnostics.Error(right.Span, $"This is {right.Type}, and the other side {left.Type}.", AdviceFor(left, right));
            return null;
        }

        if (comparison is not (Comparison.Equal or Comparison.NotEqual))
        {
            diagnostics.Error(span, $"There is no order between two sides that are each {left.Type}.", "Compare them with = or !=.");
            return null;
        }

        var negated = comparison == Comparison.NotEqual;
        if (left.Type.Kind == PolicyTypeKind.Truth)
            return new Bound(span, PolicyType.Truth) { Truth = new TruthNodes.Same(left.Truth!, right.Truth!, negated) }.Over(left, right);
        if (!CheckCategory(left, right) || !CheckCategory(right, left))
            return null;

        var (attribute, text) = left.Attribute is not null ? (left.Attribute, right.TextLiteral) : (right.Attribute, left.TextLiteral);
        return new Bound(span, PolicyType.Truth)
        {
            Truth = new TruthNodes.CompareTexts(left.Text!, right.Text!, negated),
            Constant = left.TextLiteral is not null && right.TextLiteral is not null ? string.Equals(left.TextLiteral, right.TextLiteral, StringComparison.Ordinal) != negated : null,
            Ranges = attribute is not null && text is not null && !negated ? NecessaryRanges.Of(attribute.Name, AttributeRange.Only([text])) : NecessaryRanges.Unknown,
        }.Over(left, right);
    }

    public Bound? InList(InListExpression expression, Bound? operand, Func<string, Bound?> attribute)
    {
        var list = schema.IndexOfList(expression.List);
        if (list < 0)
        {
            var known = schema.Lists.Select(static definition => definition.Name).ToList();
            var advice = known.Count == 0 ? "There are no lists yet: make one first." : $"Lists are {string.Join(", ", known.Take(20))}.";
            diagnostics.Error(expression.Span, $"There is no list \"{expression.List}\".{Suggestion.For(expression.List, known)}", advice);
            return null;
        }

        operand ??= attribute(schema.Lists[list].Attribute);
        if (operand is null || !IsText(operand, "A list holds texts"))
            return null;
        return new Bound(expression.Span, PolicyType.Truth) { Truth = new TruthNodes.InList(operand.Text!, list, expression.Negated) }.Over(operand);
    }

    public Bound? InSet(InSetExpression expression, Bound operand, IReadOnlyList<Bound> items)
    {
        if (items.Count == 0)
        {
            diagnostics.Error(expression.Span, "There are no values between the parentheses.", "Write at least one: in ('DE').");
            return null;
        }

        foreach (var item in items)
        {
            if (item.Literal is null && item.TextLiteral is null)
            {
                diagnostics.Error(item.Span, "Only plain values can stand here.", "Write numbers or texts in quotes, or compare with or.");
                return null;
            }
        }

        return operand.Type.Kind switch
        {
            PolicyTypeKind.Text => InTexts(expression, operand, items),
            PolicyTypeKind.Number or PolicyTypeKind.Fixed => InNumbers(expression, operand, items),
            _ => Refuse(operand.Span, $"This is {operand.Type}.", "Ask for it directly, or negate it with not."),
        };
    }

    public Bound? TestText(TextTestExpression expression, Bound operand, Bound argument)
    {
        if (!IsText(operand, "Only texts can be searched") || !IsText(argument, "What is searched for is a text"))
            return null;
        return new Bound(expression.Span, PolicyType.Truth)
        {
            Truth = new TruthNodes.TestText(expression.Test, operand.Text!, argument.Text!, expression.Negated),
        }.Over(operand, argument);
    }

    public static Bound Missing(MissingExpression expression, Bound operand)
    {
        TruthNode node = operand.Type.Kind switch
        {
            PolicyTypeKind.Number => new TruthNodes.MissingNumber(NumericBinding.ToNumber(operand), operand.ReadsScore, expression.Negated),
            PolicyTypeKind.Fixed => new TruthNodes.MissingFixed(operand.Fixed!, expression.Negated),
            PolicyTypeKind.Text => new TruthNodes.MissingText(operand.Text!, expression.Negated),
            _ => new TruthNodes.MissingTruth(operand.Truth!, operand.ReadsScore, expression.Negated),
        };
        return new Bound(expression.Span, PolicyType.Truth) { Truth = node }.Over(operand);
    }

    private Bound? CompareNumeric(SourceSpan span, Comparison comparison, Bound left, Bound right)
    {
        TruthNode node;
        switch (numeric.TryFixed(left, right, out var leftFixed, out var rightFixed))
        {
            case null:
                return null;
            case true:
                node = new TruthNodes.CompareFixed(comparison, leftFixed, rightFixed);
                break;
            default:
                node = new TruthNodes.CompareNumbers(comparison, NumericBinding.ToNumber(left, right), NumericBinding.ToNumber(right, left));
                break;
        }

        return new Bound(span, PolicyType.Truth)
        {
            Truth = node,
            Constant = left.Literal is not null && right.Literal is not null ? node.Evaluate(default) == Truth.True : null,
            Ranges = RangesOf(comparison, left, right),
        }.Over(left, right);
    }

    private static NecessaryRanges RangesOf(Comparison comparison, Bound left, Bound right)
    {
        if (left.Attribute is null)
        {
            if (right.Attribute is null)
                return NecessaryRanges.Unknown;
            (left, right) = (right, left);
            comparison = comparison switch
            {
                Comparison.Less => Comparison.Greater,
                Comparison.LessOrEqual => Comparison.GreaterOrEqual,
                Comparison.Greater => Comparison.Less,
                Comparison.GreaterOrEqual => Comparison.LessOrEqual,
                _ => comparison,
            };
        }

        if (right.Literal is not { } literal || comparison == Comparison.NotEqual)
            return NecessaryRanges.Unknown;
        var value = NumericBinding.ToDouble(literal);
        var low = comparison is Comparison.Greater or Comparison.GreaterOrEqual or Comparison.Equal ? value : double.NegativeInfinity;
        var high = comparison is Comparison.Less or Comparison.LessOrEqual or Comparison.Equal ? value : double.PositiveInfinity;
        return NecessaryRanges.Of(left.Attribute!.Name, new AttributeRange(low, comparison == Comparison.Greater, high, comparison == Comparison.Less));
    }

    private Bound? InTexts(InSetExpression expression, Bound operand, IReadOnlyList<Bound> items)
    {
        foreach (var item in items)
        {
            if (!IsText(item, "The values are compared with a text") || !CheckCategory(operand, item))
                return null;
        }

        var texts = items.Select(static item => item.TextLiteral!).ToFrozenSet(StringComparer.Ordinal);
        return new Bound(expression.Span, PolicyType.Truth)
        {
            Truth = new TruthNodes.InTexts(operand.Text!, texts, expression.Negated),
            Ranges = operand.Attribute is not null && !expression.Negated ? NecessaryRanges.Of(operand.Attribute.Name, AttributeRange.Only(texts)) : NecessaryRanges.Unknown,
        }.Over(operand);
    }

    private Bound? InNumbers(InSetExpression expression, Bound operand, IReadOnlyList<Bound> items)
    {
        var numbers = new List<double>();
        var whole = new List<long>();
        foreach (var item in items)
        {
            if (item.Literal is not { } literal)
                return Refuse(item.Span, $"This is {item.Type}, and the other side {operand.Type}.", "Write numbers without quotes.");
            var value = NumericBinding.ToDouble(literal);
            numbers.Add(operand.Attribute?.Source == AttributeSource.Feature ? (float)value : value);
            if (operand.Fixed is null)
                continue;
            switch (numeric.TryScale(literal, item.Span, operand.Type, out var node))
            {
                case null:
                    return null;
                case true:
                    node.TryEvaluate(default, out var scaled);
                    whole.Add(scaled);
                    break;
                default:
                    return Refuse(item.Span, "A whole number never equals one with fractions.", "Take the fraction out.");
            }
        }

        TruthNode test = operand.Fixed is not null
            ? new TruthNodes.InFixed(operand.Fixed, whole.ToFrozenSet(), expression.Negated)
            : new TruthNodes.InNumbers(NumericBinding.ToNumber(operand), numbers.ToFrozenSet(), expression.Negated);
        return new Bound(expression.Span, PolicyType.Truth) { Truth = test }.Over(operand);
    }

    // A category that the schema does not know is a slip: the comparison could never hold.
    private bool CheckCategory(Bound attribute, Bound value)
    {
        if (attribute.Attribute is not { Categories.IsDefault: false } known || value.TextLiteral is not { } text || known.Categories.Contains(text, StringComparer.Ordinal))
            return true;
        var shown = string.Join(", ", known.Categories.Take(12));
        diagnostics.Error(
            value.Span,
            $":{known.Name}: is never '{text}'.{Suggestion.For(text, known.Categories)}",
            $"Its values are {shown}{(known.Categories.Length > 12 ? ", …" : "")}.");
        return false;
    }

    private bool IsText(Bound bound, string rule)
    {
        if (bound.Type.Kind == PolicyTypeKind.Text)
            return true;
        diagnostics.Error(bound.Span, $"{rule}, and this is {bound.Type}.", "Use a text attribute, or put the text in quotes.");
        return false;
    }

    private Bound? Refuse(SourceSpan span, string message, string advice)
    {
        diagnostics.Error(span, message, advice);
        return null;
    }

    private static string AdviceFor(Bound left, Bound right) => (left.Type.Kind, right.Type.Kind) switch
    {
        (PolicyTypeKind.Text, PolicyTypeKind.Number or PolicyTypeKind.Fixed) when right.Literal is not null => "Put the value in quotes.",
        (PolicyTypeKind.Number or PolicyTypeKind.Fixed, PolicyTypeKind.Text) when right.TextLiteral is not null => "Write the number without quotes.",
        (PolicyTypeKind.Truth, _) or (_, PolicyTypeKind.Truth) => "Ask for a true-or-false attribute directly, or compare it with true or false.",
        _ => "Compare values of one type.",
    };
}
