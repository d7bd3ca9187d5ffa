namespace Tributary.Server.Checkout;

/// <summary>What a shopper has to know first.</summary>
public enum CheckoutPhase
{
    /// <summary>It can be paid.</summary>
    Open,

    /// <summary>A part has come; the rest can be paid.</summary>
    Partial,

    /// <summary>Enough money is seen and not final.</summary>
    Seen,

    /// <summary>Enough money is held for the merchant to take.</summary>
    Reserved,

    /// <summary>Enough money is held, and a person looks at the payment before it is taken.</summary>
    UnderReview,

    /// <summary>Enough money has settled.</summary>
    Paid,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>The merchant, or the shopper, gave it up.</summary>
    Canceled,
}
