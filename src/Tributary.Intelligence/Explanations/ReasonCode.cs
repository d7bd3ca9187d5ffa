namespace Tributary.Intelligence.Explanations;

/// <summary>One reason for a score. For analysts: shown to the payer it would teach a card tester what to change.</summary>
/// <param name="Feature">The feature, the strongest of its group.</param>
/// <param name="Value">Its value; NaN when missing.</param>
/// <param name="Contribution">What the feature, or its group, adds to the raw score (log-odds).</param>
/// <param name="Text">A sentence.</param>
public sealed record ReasonCode(string Feature, float Value, double Contribution, string Text)
{
    /// <summary>Whether it raises the score.</summary>
    public bool Raises => Contribution > 0;

    /// <summary>By what it multiplies the odds.</summary>
    public double OddsFactor => Math.Exp(Contribution);
}
