namespace Tributary.Payments.Access;

/// <summary>What a restricted key is granted for, each by itself.</summary>
public enum KeyResource
{
    PaymentIntents,
    Charges,
    Customers,
    PaymentMethods,

    /// <summary>Giving money of a payment back.</summary>
    Refunds,

    /// <summary>Sending the store's own money away.</summary>
    Payouts,

    /// <summary>Agreeing to refunds and payouts above the limit that somebody else asked for.</summary>
    Approvals,
    Balance,
    Events,
    WebhookEndpoints,
    Reviews,
    Disputes,
    CheckoutSessions,
    PaymentLinks,
    ApiKeys,
}
