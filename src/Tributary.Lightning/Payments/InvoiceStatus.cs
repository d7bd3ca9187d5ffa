namespace Tributary.Lightning.Payments;

/// <summary>Where an invoice of ours stands.</summary>
public enum InvoiceStatus
{
    /// <summary>Waits to be paid.</summary>
    Open,

    /// <summary>All parts are here and held: <see cref="IncomingPayments.Settle"/> takes them, <see cref="IncomingPayments.Cancel"/> gives them back.</summary>
    Accepted,

    /// <summary>Paid: the preimage is given away.</summary>
    Settled,

    /// <summary>Nobody can pay it any more.</summary>
    Cancelled,
}
