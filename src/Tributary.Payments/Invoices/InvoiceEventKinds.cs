namespace Tributary.Payments.Invoices;

/// <summary>What is told of invoices: BTCPay's names behind a prefix that keeps them apart from Stripe's.</summary>
public static class InvoiceEventKinds
{
    public const string Prefix = "btcpay.";
    public const string Created = Prefix + "InvoiceCreated";
    public const string ReceivedPayment = Prefix + "InvoiceReceivedPayment";
    public const string PaymentSettled = Prefix + "InvoicePaymentSettled";
    public const string Processing = Prefix + "InvoiceProcessing";
    public const string Settled = Prefix + "InvoiceSettled";
    public const string Expired = Prefix + "InvoiceExpired";
    public const string Invalid = Prefix + "InvoiceInvalid";

    /// <summary>All that there are, and those that come later.</summary>
    public const string Everything = Prefix + "*";

    /// <summary>None of them.</summary>
    public const string Nothing = Prefix + "nothing";

    /// <summary>Everything that there is.</summary>
    public static IReadOnlyList<string> All { get; } = [Created, ReceivedPayment, Processing, Expired, Settled, Invalid, PaymentSettled];

    /// <summary>Is an event one of these?</summary>
    public static bool IsOne(string kind) => kind.StartsWith(Prefix, StringComparison.Ordinal);
}
