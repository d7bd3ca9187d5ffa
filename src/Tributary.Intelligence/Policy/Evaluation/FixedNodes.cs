namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>The ways to get a whole number.</summary>
internal static class FixedNodes
{
    public sealed class Constant(long constant) : FixedNode
    {
        public override bool TryEvaluate(in PolicyFacts facts, out long value)
        {
            value = constant;
            return true;
        }
    }

    public sealed class Fact(int index) : FixedNode
    {
        public override bool TryEvaluate(in PolicyFacts facts, out long value)
        {
            var fact = facts.Facts[index];
            value = fact.AsFixed;
            return fact.Kind == FactValueKind.Fixed;
        }
    }

    public sealed class Length(TextNode operand) : FixedNode
    {
        public override bool TryEvaluate(in PolicyFacts facts, out long value)
        {
            var text = operand.Evaluate(facts);
            value = text?.Length ?? 0;
            return text is not null;
        }
    }

    public sealed class Add(FixedNode left, FixedNode right) : FixedNode
    {
        public override bool TryEvaluate(in PolicyFacts facts, out long value)
        {
            value = 0;
            if (!left.TryEvaluate(facts, out var a) || !right.TryEvaluate(facts, out var b))
                return false;
            value = unchecked(a + b);
            return ((a ^ value) & (b ^ value)) >= 0;
        }
    }

    public sealed class Subtract(FixedNode left, FixedNode right) : FixedNode
    {
        public override bool TryEvaluate(in PolicyFacts facts, out long value)
        {
            value = 0;
            if (!left.TryEvaluate(facts, out var a) || !right.TryEvaluate(facts, out var b))
                return false;
            value = unchecked(a - b);
            return ((a ^ b) & (a ^ value)) >= 0;
        }
    }

    public sealed class Negate(FixedNode operand) : FixedNode
    {
        public override bool TryEvaluate(in PolicyFacts facts, out long value)
        {
            var present = operand.TryEvaluate(facts, out value) && value != long.MinValue;
            value = unchecked(-value);
            return present;
        }
    }

    public sealed class Absolute(FixedNode operand) : FixedNode
    {
        public override bool TryEvaluate(in PolicyFacts facts, out long value)
        {
            var present = operand.TryEvaluate(facts, out value) && value != long.MinValue;
            value = present ? Math.Abs(value) : 0;
            return present;
        }
    }

    /// <summary>The least or the greatest; missing when any operand is.</summary>
    public sealed class Extreme(bool greatest, FixedNode[] operands) : FixedNode
    {
        public override bool TryEvaluate(in PolicyFacts facts, out long value)
        {
            var present = operands[0].TryEvaluate(facts, out value);
            for (var i = 1; i < operands.Length; i++)
            {
                present &= operands[i].TryEvaluate(facts, out var other);
                value = greatest ? Math.Max(value, other) : Math.Min(value, other);
            }

            return present;
        }
    }
}
