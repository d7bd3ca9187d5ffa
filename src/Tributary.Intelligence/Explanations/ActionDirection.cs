namespace Tributary.Intelligence.Explanations;

/// <summary>Which way a person could change a feature.</summary>
public enum ActionDirection
{
    /// <summary>Only to less.</summary>
    Lower,

    /// <summary>Only to more.</summary>
    Higher,

    /// <summary>Either way.</summary>
    Either,
}
