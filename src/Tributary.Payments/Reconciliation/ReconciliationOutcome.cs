namespace Tributary.Payments.Reconciliation;

/// <summary>How a comparison of the books with the world came out.</summary>
public enum ReconciliationOutcome
{
    /// <summary>They agree to the millisatoshi.</summary>
    Balanced,

    /// <summary>Something is on its way that has to arrive first, or the chain is being looked through: ask again.</summary>
    Busy,

    /// <summary>They differ.</summary>
    Mismatch,
}
