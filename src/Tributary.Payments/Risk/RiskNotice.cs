namespace Tributary.Payments.Risk;

/// <summary>All that a shopper is told: coarse by intent, since a reason shown to somebody who tries out cards tells them what to change.</summary>
public enum RiskNotice
{
    /// <summary>The payment goes on.</summary>
    Accepted = 0,

    /// <summary>Something more is asked of the shopper.</summary>
    VerificationNeeded = 1,

    /// <summary>A person looks at it first.</summary>
    UnderReview = 2,

    /// <summary>It is not taken.</summary>
    Declined = 3,

    /// <summary>A limit on amounts or numbers of payments was reached.</summary>
    LimitReached = 4,

    /// <summary>This way to pay is not offered here.</summary>
    MethodUnavailable = 5,
}
