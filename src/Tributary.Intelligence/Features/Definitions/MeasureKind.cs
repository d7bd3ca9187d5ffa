namespace Tributary.Intelligence.Features.Definitions;

/// <summary>What a feature counts, adds or compares.</summary>
public enum MeasureKind
{
    /// <summary>Payments themselves.</summary>
    Payments,

    /// <summary>Amounts, in major units.</summary>
    Amount,

    /// <summary>1 for a known fraud, 0 for a payment known to be none.</summary>
    Fraud,

    /// <summary>The amount of a known fraud, 0 for a payment known to be none.</summary>
    Loss,

    /// <summary>The value that another feature had for the payment, to a 1,024th; a payment for which it was missing is left out.</summary>
    Feature,
}
