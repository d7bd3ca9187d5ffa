namespace Tributary.Payments.Risk;

/// <summary>Where in a payment's life the gate is asked. The numbers are stored and never change.</summary>
public enum RiskPoint
{
    /// <summary>A shopper confirms, before anything is offered.</summary>
    Confirm = 0,

    /// <summary>Money goes back to a shopper.</summary>
    Refund = 1,

    /// <summary>Money leaves to the merchant or a third party.</summary>
    Payout = 2,
}
