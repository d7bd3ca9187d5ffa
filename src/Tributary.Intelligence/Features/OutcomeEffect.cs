namespace Tributary.Intelligence.Features;

/// <summary>What a reported outcome changed.</summary>
public enum OutcomeEffect
{
    /// <summary>It is counted, from the label delay on or, when that has passed, from now on.</summary>
    Applied,

    /// <summary>It says what was known already (a label that arrives twice): nothing changed.</summary>
    Repeated,

    /// <summary>The payment is older than any history kept of its parties: only totals over all time changed.</summary>
    BeyondHistory,
}
