namespace Tributary.Intelligence.Policy.Schema;

/// <summary>The types of the policy language.</summary>
public enum PolicyTypeKind
{
    /// <summary>True or false.</summary>
    Truth = 0,

    /// <summary>A number with fractions: a feature or a score.</summary>
    Number = 1,

    /// <summary>A whole number, or an amount of money in whole minor units: compared exactly.</summary>
    Fixed = 2,

    /// <summary>A text, compared character by character.</summary>
    Text = 3,
}
