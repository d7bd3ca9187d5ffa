namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>A whole number, ready to run; false is missing, and so is what overflows.</summary>
internal abstract class FixedNode
{
    public abstract bool TryEvaluate(in PolicyFacts facts, out long value);
}
