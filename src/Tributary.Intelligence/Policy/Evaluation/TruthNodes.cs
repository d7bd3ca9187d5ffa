using System.Collections.Frozen;
using static Tributary.Intelligence.Policy.Syntax.SyntaxTree;

namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>The ways to get a truth. What is missing makes the answer unknown, except for the question whether it is missing.</summary>
internal static class TruthNodes
{
    public static Truth Of(bool value) => value ? Truth.True : Truth.False;

    public sealed class Constant(bool value) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) => Of(value);
    }

    public sealed class Fact(int index) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts)
        {
            var fact = facts.Facts[index];
            return fact.Kind == FactValueKind.Truth ? Of(fact.AsTruth) : Truth.Unknown;
        }
    }

    public sealed class Not(TruthNode operand) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) => Truth.True - (int)operand.Evaluate(facts);
    }

    public sealed class All(TruthNode[] operands) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts)
        {
            var least = Truth.True;
            foreach (var operand in operands)
            {
                var value = operand.Evaluate(facts);
                if (value == Truth.False)
                    return Truth.False;
                least = value < least ? value : least;
            }

            return least;
        }
    }

    public sealed class Any(TruthNode[] operands) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts)
        {
            var greatest = Truth.False;
            foreach (var operand in operands)
            {
                var value = operand.Evaluate(facts);
                if (value == Truth.True)
                    return Truth.True;
                greatest = value > greatest ? value : greatest;
            }

            return greatest;
        }
    }

    public sealed class Same(TruthNode left, TruthNode right, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts)
        {
            var (a, b) = (left.Evaluate(facts), right.Evaluate(facts));
            return a == Truth.Unknown || b == Truth.Unknown ? Truth.Unknown : Of((a == b) != negated);
        }
    }

    public sealed class CompareNumbers(Comparison comparison, NumberNode left, NumberNode right) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts)
        {
            var (a, b) = (left.Evaluate(facts), right.Evaluate(facts));
            return double.IsNaN(a) || double.IsNaN(b) ? Truth.Unknown : Of(Holds(comparison, a.CompareTo(b)));
        }
    }

    public sealed class CompareFixed(Comparison comparison, FixedNode left, FixedNode right) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) =>
            left.TryEvaluate(facts, out var a) && right.TryEvaluate(facts, out var b) ? Of(Holds(comparison, a.CompareTo(b))) : Truth.Unknown;
    }

    public sealed class CompareTexts(TextNode left, TextNode right, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts)
        {
            var (a, b) = (left.Evaluate(facts), right.Evaluate(facts));
            return a is null || b is null ? Truth.Unknown : Of(string.Equals(a, b, StringComparison.Ordinal) != negated);
        }
    }

    public sealed class TestText(TextTest test, TextNode operand, TextNode argument, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts)
        {
            var (text, part) = (operand.Evaluate(facts), argument.Evaluate(facts));
            if (text is null || part is null)
                return Truth.Unknown;
            var holds = test switch
            {
                TextTest.Contains => text.Contains(part, StringComparison.Ordinal),
                TextTest.StartsWith => text.StartsWith(part, StringComparison.Ordinal),
                _ => text.EndsWith(part, StringComparison.Ordinal),
            };
            return Of(holds != negated);
        }
    }

    public sealed class InTexts(TextNode operand, FrozenSet<string> set, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) =>
            operand.Evaluate(facts) is { } text ? Of(set.Contains(text) != negated) : Truth.Unknown;
    }

    public sealed class InNumbers(NumberNode operand, FrozenSet<double> set, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts)
        {
            var value = operand.Evaluate(facts);
            return double.IsNaN(value) ? Truth.Unknown : Of(set.Contains(value) != negated);
        }
    }

    public sealed class InFixed(FixedNode operand, FrozenSet<long> set, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) =>
            operand.TryEvaluate(facts, out var value) ? Of(set.Contains(value) != negated) : Truth.Unknown;
    }

    public sealed class InList(TextNode operand, int list, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) =>
            operand.Evaluate(facts) is { } text ? Of(facts.Lists.Contains(list, text) != negated) : Truth.Unknown;
    }

    public sealed class MissingNumber(NumberNode operand, bool readsScore, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) =>
            readsScore && facts.ScoreHidden ? Truth.Unknown : Of(double.IsNaN(operand.Evaluate(facts)) != negated);
    }

    public sealed class MissingFixed(FixedNode operand, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) => Of(!operand.TryEvaluate(facts, out _) != negated);
    }

    public sealed class MissingText(TextNode operand, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) => Of(operand.Evaluate(facts) is null != negated);
    }

    public sealed class MissingTruth(TruthNode operand, bool readsScore, bool negated) : TruthNode
    {
        public override Truth Evaluate(in PolicyFacts facts) =>
            readsScore && facts.ScoreHidden ? Truth.Unknown : Of(operand.Evaluate(facts) == Truth.Unknown != negated);
    }

    private static bool Holds(Comparison comparison, int order) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };
}
