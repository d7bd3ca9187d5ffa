namespace Tributary.Intelligence.Decisions.Rails;

/// <summary>What a verdict does to a payment on a rail.</summary>
public enum RailAction
{
    /// <summary>Nothing: the payment goes on.</summary>
    Proceed = 0,

    /// <summary>The person signs in again or signs a challenge with their wallet.</summary>
    AskForProof = 1,

    /// <summary>The card's issuer authenticates the person (3-D Secure).</summary>
    AskIssuer = 2,

    /// <summary>The payment counts after more confirmations or a later finality than usual.</summary>
    WaitForFinality = 3,

    /// <summary>The HTLCs are held unsettled until a person decides, or fail at the end of the hold.</summary>
    HoldHtlc = 4,

    /// <summary>The amount is authorised and captured when a person decides.</summary>
    ManualCapture = 5,

    /// <summary>Nothing leaves until a person decides.</summary>
    Queue = 6,

    /// <summary>No invoice, address or session is given out.</summary>
    Withhold = 7,

    /// <summary>The HTLCs fail; the payer keeps the money.</summary>
    FailHtlc = 8,

    /// <summary>What arrives all the same goes back where it came from, less the fee.</summary>
    SendBack = 9,

    /// <summary>The rail is told to decline.</summary>
    Decline = 10,
}
