namespace Tributary.Intelligence.Training;

/// <summary>How a logistic regression is fitted.</summary>
public sealed record LogisticOptions
{
    /// <summary>The penalty ½ λ₂ Σ β² on coefficients of standardised features and of categories (not the intercept), in units of the summed loss.</summary>
    public double L2 { get; init; } = 1;

    /// <summary>The penalty λ₁ Σ |β|, which sets weak coefficients to zero.</summary>
    public double L1 { get; init; }

    /// <summary>Knots at which a numeric feature's slope may change, put at quantiles of its values; 0 for a straight line.</summary>
    public int Knots { get; init; }

    /// <summary>Categories of a feature with a coefficient of their own, the most frequent; the rest share one.</summary>
    public int MaxCategories { get; init; } = 100;

    /// <summary>Newton steps at most.</summary>
    public int MaxSteps { get; init; } = 50;
}
