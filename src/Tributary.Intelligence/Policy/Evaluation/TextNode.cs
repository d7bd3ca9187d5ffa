namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>A text, ready to run; null is missing.</summary>
internal abstract class TextNode
{
    public abstract string? Evaluate(in PolicyFacts facts);
}
