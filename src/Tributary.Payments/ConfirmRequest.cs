using Tributary.Payments.Intents;
using Tributary.Payments.Risk;

namespace Tributary.Payments;

/// <summary>The shopper's choice of a rail.</summary>
/// <param name="Rail">The rail.</param>
/// <param name="CardNumber">For the card rail: a published test number. It is not stored.</param>
public sealed record ConfirmRequest(RailKind Rail, string? CardNumber = null)
{
    /// <summary>The saved payment method that is used.</summary>
    public string? PaymentMethodId { get; init; }

    /// <summary>Where the shopper wants money back that is too much or too late; it is used without asking again.</summary>
    public string? RefundDestination { get; init; }

    /// <summary>What is known of whoever pays, for the risk gate alone.</summary>
    public RiskClues Clues { get; init; } = RiskClues.None;
}
