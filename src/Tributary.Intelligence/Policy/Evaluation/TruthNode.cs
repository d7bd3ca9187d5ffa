namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>A condition, ready to run: no allocation, no exception.</summary>
internal abstract class TruthNode
{
    public abstract Truth Evaluate(in PolicyFacts facts);
}
