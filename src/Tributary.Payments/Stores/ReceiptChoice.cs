namespace Tributary.Payments.Stores;

/// <summary>What a public receipt shows; null where nobody chose.</summary>
public sealed record ReceiptChoice(bool? IsEnabled, bool? ShowsCode, bool? ShowsPayments)
{
    public static ReceiptChoice None { get; } = new(null, null, null);

    /// <summary>These choices, and another's where there are none.</summary>
    public ReceiptChoice Or(ReceiptChoice other) => new(IsEnabled ?? other.IsEnabled, ShowsCode ?? other.ShowsCode, ShowsPayments ?? other.ShowsPayments);
}
