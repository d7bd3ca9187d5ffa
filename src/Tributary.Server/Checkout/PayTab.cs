using Tributary.Payments.Intents;

namespace Tributary.Server.Checkout;

/// <summary>One way to pay, as a tab of the page.</summary>
/// <param name="Name">In the address: "wallet", "lightning", "bitcoin", "card".</param>
/// <param name="Offer">What is paid with; null for a card.</param>
/// <param name="Uri">What a wallet opens, and the QR code holds in its own spelling.</param>
/// <param name="Code">The QR code; null for a card.</param>
public sealed record PayTab(string Name, PaymentAttempt? Offer, string? Uri, QrSvg.Drawing? Code)
{
    /// <summary>What is copied by hand: an invoice, an address.</summary>
    public string? Copied => string.Equals(Name, Wallet, StringComparison.Ordinal) ? Uri : Offer?.Instruction;

    public const string Wallet = "wallet";
    public const string Lightning = "lightning";
    public const string OnChain = "bitcoin";
    public const string Card = "card";
}
