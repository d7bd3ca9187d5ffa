using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Policy.Syntax;

namespace Tributary.Intelligence.Policy.Binding;

/// <summary>
/// Brings two numeric expressions to one type: exactly, as whole numbers, where both are counts or amounts of one unit; else as numbers with
/// fractions. A number in the text takes the type of what it meets.
/// </summary>
internal sealed class NumericBinding(DiagnosticBag diagnostics)
{
    /// <summary>The operands as whole numbers of one scale; false (without an error) when they are to be numbers; null after an error.</summary>
    public bool? TryFixed(Bound left, Bound right, out FixedNode leftNode, out FixedNode rightNode)
    {
        (leftNode, rightNode) = (left.Fixed!, right.Fixed!);
        if (left.Literal is not null && right.Literal is not null)
            return false;
        if (left.Literal is { } first)
            return right.Fixed is null ? false : TryScale(first, left.Span, right.Type, out leftNode);
        if (right.Literal is { } second)
            return left.Fixed is null ? false : TryScale(second, right.Span, left.Type, out rightNode);
        if (left.Fixed is null || right.Fixed is null)
            return false;
        if (left.Type == right.Type)
            return true;
        diagnostics.Error(right.Span, $"This is {right.Type}, and the other side {left.Type}.", "Only amounts of one unit, or two whole numbers, go together.");
        return null;
    }

    /// <summary>The expression as a number with fractions.</summary>
    public static NumberNode ToNumber(Bound bound) =>
        bound.Number ?? (bound.Literal is { } literal ? new NumberNodes.Constant(ToDouble(literal)) : new NumberNodes.FromFixed(bound.Fixed!, bound.Type.Decimals));

    /// <summary>A literal beside an expression: features are 32-bit, so that a literal is rounded as a feature is and 0.7 equals 0.7.</summary>
    public static NumberNode ToNumber(Bound bound, Bound other) =>
        bound.Literal is { } literal && other.Attribute?.Source == AttributeSource.Feature
            ? new NumberNodes.Constant((float)ToDouble(literal))
            : ToNumber(bound);

    public static double ToDouble((long Mantissa, int Decimals) literal) => (double)(literal.Mantissa / (decimal)Math.Pow(10, literal.Decimals));

    /// <summary>The digits of a literal as a whole number of a scale; null after an error, false when it has fractions and no unit forbids them.</summary>
    public bool? TryScale((long Mantissa, int Decimals) literal, SourceSpan span, PolicyType type, out FixedNode node)
    {
        node = new FixedNodes.Constant(0);
        var (mantissa, decimals) = literal;
        while (decimals > type.Decimals && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }

        if (decimals > type.Decimals)
        {
            if (type.Unit is null)
                return false;
            diagnostics.Error(span, $"{type.Unit} has {type.Decimals} decimals, and this number {decimals}.", "Round it.");
            return null;
        }

        for (; decimals < type.Decimals; decimals++)
        {
            if (Math.Abs(mantissa) > long.MaxValue / 10)
            {
                diagnostics.Error(span, "The amount is too large.", "Write a smaller one.");
                return null;
            }

            mantissa *= 10;
        }

        node = new FixedNodes.Constant(mantissa);
        return true;
    }
}
