namespace Tributary.Intelligence.Features;

/// <summary>What became of a payment. A payment that nobody reports is legitimate once the label delay has passed.</summary>
public enum Outcome : byte
{
    /// <summary>Paid for good, or a report of fraud withdrawn.</summary>
    Legitimate = 0,

    /// <summary>A confirmed bad outcome: double spend, chargeback, abuse of a refund, an analyst's verdict.</summary>
    Fraud = 1,
}
