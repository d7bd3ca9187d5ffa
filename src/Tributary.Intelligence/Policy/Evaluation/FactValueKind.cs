namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>What a fact's value is.</summary>
public enum FactValueKind
{
    /// <summary>There is none.</summary>
    Missing = 0,

    /// <summary>True or false.</summary>
    Truth = 1,

    /// <summary>A whole number, or an amount in minor units.</summary>
    Fixed = 2,

    /// <summary>A number with fractions.</summary>
    Number = 3,

    /// <summary>A text.</summary>
    Text = 4,
}
