using Tributary.Intelligence.Policy.Syntax;

namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>The ways to get a number.</summary>
internal static class NumberNodes
{
    public sealed class Constant(double value) : NumberNode
    {
        public override double Evaluate(in PolicyFacts facts) => value;
    }

    public sealed class Feature(int index) : NumberNode
    {
        public int Index => index;

        public override double Evaluate(in PolicyFacts facts) => facts.Features[index];
    }

    public sealed class Fact(int index) : NumberNode
    {
        public override double Evaluate(in PolicyFacts facts) => facts.Facts[index].AsNumber;
    }

    public sealed class Score : NumberNode
    {
        public override double Evaluate(in PolicyFacts facts) => facts.Score;
    }

    /// <summary>A whole number in its major unit.</summary>
    public sealed class FromFixed(FixedNode operand, int decimals) : NumberNode
    {
        private readonly double _scale = Math.Pow(10, decimals);

        public override double Evaluate(in PolicyFacts facts) => operand.TryEvaluate(facts, out var value) ? value / _scale : double.NaN;
    }

    public sealed class Negate(NumberNode operand) : NumberNode
    {
        public override double Evaluate(in PolicyFacts facts) => -operand.Evaluate(facts);
    }

    public sealed class Absolute(NumberNode operand) : NumberNode
    {
        public override double Evaluate(in PolicyFacts facts) => Math.Abs(operand.Evaluate(facts));
    }

    /// <summary>A division by zero is missing, and so is a result that is not finite.</summary>
    public sealed class Arithmetic(TokenKind operation, NumberNode left, NumberNode right) : NumberNode
    {
        public override double Evaluate(in PolicyFacts facts)
        {
            var (a, b) = (left.Evaluate(facts), right.Evaluate(facts));
            var value = operation switch
            {
                TokenKind.Plus => a + b,
                TokenKind.Minus => a - b,
                TokenKind.Times => a * b,
                _ => a / b,
            };
            return double.IsFinite(value) ? value : double.NaN;
        }
    }

    /// <summary>The least or the greatest; missing when any operand is.</summary>
    public sealed class Extreme(bool greatest, NumberNode[] operands) : NumberNode
    {
        public override double Evaluate(in PolicyFacts facts)
        {
            var extreme = operands[0].Evaluate(facts);
            for (var i = 1; i < operands.Length; i++)
            {
                var value = operands[i].Evaluate(facts);
                extreme = greatest ? Math.Max(extreme, value) : Math.Min(extreme, value);
            }

            return extreme;
        }
    }
}
