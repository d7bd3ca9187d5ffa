namespace Tributary.Intelligence.Data;

/// <summary>How a feature's numbers are to be read.</summary>
public enum FeatureKind
{
    /// <summary>A quantity with an order; NaN is a missing value.</summary>
    Numeric,

    /// <summary>A category's code, 0 … 65,535, without an order; NaN is a missing value, an unknown code a category never seen.</summary>
    Categorical,
}
