namespace Tributary.Payments.Intents;

/// <summary>Where one attempt to pay stands. Money can still arrive at an attempt that is over: an address cannot be taken back.</summary>
public enum AttemptStatus
{
    /// <summary>The shopper has an invoice, an address or a form.</summary>
    Open,

    /// <summary>Money came that covers what the attempt was made for.</summary>
    Paid,

    /// <summary>The rail refused.</summary>
    Failed,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>The intent ended first.</summary>
    Canceled,
}
