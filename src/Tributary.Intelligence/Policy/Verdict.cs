namespace Tributary.Intelligence.Policy;

/// <summary>What is to happen with a payment, mildest first: of two verdicts the larger is the more severe.</summary>
public enum Verdict
{
    /// <summary>It goes on.</summary>
    Allow = 0,

    /// <summary>It goes on after the payer proved more about themselves.</summary>
    StepUp = 1,

    /// <summary>It is held until a person decides.</summary>
    Review = 2,

    /// <summary>It is refused.</summary>
    Block = 3,
}
