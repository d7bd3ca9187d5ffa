namespace Tributary.Intelligence.Policy;

/// <summary>All that a payer is told about a decision: coarse by intent, since reasons shown to a card tester are an oracle.</summary>
public enum PayerCategory
{
    /// <summary>The payment goes on.</summary>
    Accepted = 0,

    /// <summary>Something more is asked of the payer.</summary>
    VerificationNeeded = 1,

    /// <summary>A person looks at the payment first.</summary>
    UnderReview = 2,

    /// <summary>The payment is not taken.</summary>
    Declined = 3,

    /// <summary>A limit on amounts or numbers of payments was reached.</summary>
    LimitReached = 4,

    /// <summary>This way to pay is not offered here.</summary>
    MethodUnavailable = 5,
}
