namespace Tributary.Intelligence.Policy.Syntax;

/// <summary>The bounds of a policy. What lies beyond is refused with the place where it begins.</summary>
public static class PolicyLimits
{
    /// <summary>Characters of a policy's text.</summary>
    public const int MaxTextLength = 256 * 1024;

    /// <summary>Rules of a policy.</summary>
    public const int MaxRules = 1_000;

    /// <summary>Definitions by <c>let</c>.</summary>
    public const int MaxDefinitions = 200;

    /// <summary>Levels of nesting of a condition, definitions included.</summary>
    public const int MaxDepth = 64;

    /// <summary>Steps that one condition takes at most, definitions included.</summary>
    public const int MaxConditionCost = 5_000;

    /// <summary>Steps that all conditions take together at most.</summary>
    public const int MaxPolicyCost = 100_000;

    /// <summary>Characters of a text in quotes.</summary>
    public const int MaxTextLiteralLength = 256;

    /// <summary>Digits of a number.</summary>
    public const int MaxDigits = 18;

    /// <summary>Errors and warnings that are reported; the rest is left for the next attempt.</summary>
    public const int MaxDiagnostics = 25;
}
