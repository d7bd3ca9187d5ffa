namespace Tributary.Intelligence.Selection;

/// <summary>Kinds of models, from the simplest to the least simple.</summary>
public enum ModelFamily
{
    /// <summary>Logistic regression.</summary>
    Logistic,

    /// <summary>Boosted trees.</summary>
    Boosting,

    /// <summary>A random forest.</summary>
    Forest,

    /// <summary>A weighted mean of the others.</summary>
    Blend,
}
