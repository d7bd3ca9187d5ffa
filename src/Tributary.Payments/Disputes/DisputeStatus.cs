namespace Tributary.Payments.Disputes;

/// <summary>Where a dispute stands, in Stripe's terms.</summary>
public enum DisputeStatus
{
    /// <summary>The merchant may send evidence.</summary>
    NeedsResponse,

    /// <summary>The bank looks at it.</summary>
    UnderReview,

    /// <summary>The money is the merchant's again.</summary>
    Won,

    /// <summary>The money stays with the shopper.</summary>
    Lost,
}
