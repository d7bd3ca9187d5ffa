namespace Tributary.Intelligence.Policy;

/// <summary>Where in a payment's life a decision is taken.</summary>
public enum DecisionPoint
{
    /// <summary>A person signs in.</summary>
    SignIn = 0,

    /// <summary>A checkout is opened, before a rail is chosen.</summary>
    Checkout = 1,

    /// <summary>The payer confirms, before money moves.</summary>
    Confirm = 2,

    /// <summary>Money goes back to the payer.</summary>
    Refund = 3,

    /// <summary>Money leaves to the merchant or to a third party.</summary>
    Payout = 4,
}
