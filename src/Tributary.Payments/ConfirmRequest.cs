using Tributary.Payments.Intents;
using Tributary.Payments.Quotes;
using Tributary.Payments.Risk;
using Tributary.Primitives.Bytes;

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

    /// <summary>
    /// A quote for the rest that the payer has been shown already, in place of one that is made now; it has to be for all that is left and hold still.
    /// </summary>
    public Quote? Quote { get; init; }

    /// <summary>For Lightning: what the invoice commits to in place of the description.</summary>
    public Bytes32? DescriptionHash { get; init; }

    /// <summary>Where the payer goes after something that has to be done elsewhere; null: nothing of the kind can be asked for.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>The payer is not there: what would have to be asked of them is declined.</summary>
    public bool IsOffSession { get; init; }

    /// <summary>What is known of whoever pays, for the risk gate alone.</summary>
    public RiskClues Clues { get; init; } = RiskClues.None;
}
