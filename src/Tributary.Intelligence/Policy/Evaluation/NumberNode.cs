namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>A number with fractions, ready to run; NaN is missing.</summary>
internal abstract class NumberNode
{
    public abstract double Evaluate(in PolicyFacts facts);
}
