namespace Tributary.Payments.Rails.Bitcoin.Signing;

/// <summary>An order with what it is for.</summary>
/// <param name="Order">What is to be signed.</param>
/// <param name="RefundId">The refund that it pays.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Amount">What arrives, in millisatoshis.</param>
public sealed record SigningView(SigningOrder Order, string RefundId, string Destination, long Amount);
