namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>Kleene's three values, in an order in which "and" is the least and "or" the greatest.</summary>
internal enum Truth
{
    False = 0,

    /// <summary>A value that is missing decides it: the rule does not fire, and neither does its negation.</summary>
    Unknown = 1,

    True = 2,
}
