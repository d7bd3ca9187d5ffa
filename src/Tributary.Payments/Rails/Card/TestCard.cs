namespace Tributary.Payments.Rails.Card;

/// <summary>
/// The card numbers that Stripe publishes for tests, and what a processor answers to them. They belong to nobody; every other number is refused
/// before it reaches anything that stores or logs.
/// </summary>
public sealed record TestCard(string Number, string Brand, string? Code, string? DeclineCode, string? Message)
{
    private static readonly Dictionary<string, TestCard> s_cards = new[]
    {
        Accepted("4242424242424242", "visa"),
        Accepted("4000056655665556", "visa"),
        Accepted("5555555555554444", "mastercard"),
        Accepted("378282246310005", "amex"),
        Declined("4000000000000002", "card_declined", "generic_decline", "Your card was declined."),
        Declined("4000000000009995", "card_declined", "insufficient_funds", "Your card has insufficient funds."),
        Declined("4000000000009987", "card_declined", "lost_card", "Your card was declined."),
        Declined("4000000000009979", "card_declined", "stolen_card", "Your card was declined."),
        Declined("4000000000000069", "expired_card", "expired_card", "Your card has expired."),
        Declined("4000000000000127", "incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect."),
        Declined("4000000000000119", "processing_error", "processing_error", "An error occurred while processing your card. Try again in a little bit."),
        Accepted("4000000000000259", "visa") with { DisputeReason = "fraudulent" },
        Accepted("4000000000002685", "visa") with { DisputeReason = "product_not_received" },
        Accepted("4000000000007726", "visa") with { Refunds = TestCardRefunds.SucceedLater },
        Accepted("4000000000005126", "visa") with { Refunds = TestCardRefunds.ComeBack },

        Accepted("4000002760003184", "visa") with { NeedsAuthentication = true },
        Declined("4000008260003178", "card_declined", "insufficient_funds", "Your card has insufficient funds.") with { NeedsAuthentication = true },

        // The rail takes these; the risk gate knows what they stand for.
        Accepted("4100000000000019", "visa"),
        Accepted("4000000000004954", "visa"),
        Accepted("4000000000009235", "visa"),
    }.ToDictionary(static card => card.Number, StringComparer.Ordinal);

    private static readonly Dictionary<string, TestCard> s_byLastFour = s_cards.Values.ToDictionary(static card => card.LastFour, StringComparer.Ordinal);

    /// <summary>The card of a number, spaces ignored; null for one that is no published test number.</summary>
    public static TestCard? Find(string? number) =>
        number is { Length: <= 40 } && s_cards.TryGetValue(number.Replace(" ", "", StringComparison.Ordinal), out var card) ? card : null;

    /// <summary>The card of its last four digits, which no two of them share.</summary>
    public static TestCard? FindByLastFour(string? lastFour) => lastFour is null ? null : s_byLastFour.GetValueOrDefault(lastFour);

    /// <summary>Why the shopper disputes every payment with it, in Stripe's words; null where none is disputed.</summary>
    public string? DisputeReason { get; init; }

    /// <summary>Its bank wants to see its holder at every payment.</summary>
    public bool NeedsAuthentication { get; init; }

    /// <summary>What becomes of refunds.</summary>
    public TestCardRefunds Refunds { get; init; }

    /// <summary>The last four digits, which may be shown.</summary>
    public string LastFour => Number[^4..];

    private static TestCard Accepted(string number, string brand) => new(number, brand, null, null, null);

    private static TestCard Declined(string number, string code, string declineCode, string message) =>
        new(number, "visa", code, declineCode, message);
}
