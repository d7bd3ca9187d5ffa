using System.Collections.Immutable;
using Tributary.Payments.Intents;
using Tributary.Payments.Quotes;

namespace Tributary.Server.Checkout;

/// <summary>Everything that the page shows, decided before a line of it is written.</summary>
public sealed record CheckoutView
{
    public required CheckoutPlace Place { get; init; }

    public required CheckoutPhase Phase { get; init; }

    public required ImmutableArray<PayTab> Tabs { get; init; }

    /// <summary>The tab that is shown; null where nothing can be paid.</summary>
    public required PayTab? Tab { get; init; }

    public required ImmutableArray<CheckoutMoney> Money { get; init; }

    /// <summary>Why a card was refused, in the shopper's language.</summary>
    public string? CardProblem { get; init; }

    /// <summary>Why no way to pay is left; null where there is one.</summary>
    public string? Problem { get; init; }

    /// <summary>A button that pays with the demo wallet is shown.</summary>
    public bool HasDemoWallet { get; init; }

    /// <summary>Why the demo wallet did not pay.</summary>
    public string? DemoProblem { get; init; }

    /// <summary>The rate of the offer that is shown, or of the one that was paid.</summary>
    public Quote? Quote => Tab?.Offer?.Quote ?? Place.Payment.Attempts.LastOrDefault(attempt => attempt.Quote is not null && Paid.Contains(attempt.Id, StringComparer.Ordinal))?.Quote;

    /// <summary>When what is shown stops holding.</summary>
    public DateTimeOffset? HoldsUntil => Tab?.Offer?.ExpiresAt;

    /// <summary>The page may still change by itself.</summary>
    public bool IsLive => Phase is CheckoutPhase.Open or CheckoutPhase.Partial or CheckoutPhase.Seen or CheckoutPhase.Reserved or CheckoutPhase.UnderReview;

    /// <summary>Money is here that is not the merchant's.</summary>
    public bool HasOwnMoney => Money.Any(static money => money.Own > 0);

    private IEnumerable<string> Paid => Place.Payment.Receipts.Select(static receipt => receipt.AttemptId);

    public static CheckoutPhase PhaseOf(PaymentFile file) => file.Intent.Status switch
    {
        IntentStatus.Canceled => file.Intent.CancellationReason is CancellationReason.Expired ? CheckoutPhase.Expired : CheckoutPhase.Canceled,
        IntentStatus.Succeeded => CheckoutPhase.Paid,
        IntentStatus.RequiresCapture => IsReviewed(file) ? CheckoutPhase.UnderReview : CheckoutPhase.Reserved,
        IntentStatus.Processing => CheckoutPhase.Seen,
        _ => file.Covered.MinorUnits > 0 ? CheckoutPhase.Partial : CheckoutPhase.Open,
    };

    // What a review holds is taken when somebody lets it pass, so held money of a reviewed attempt waits for that.
    private static bool IsReviewed(PaymentFile file) =>
        file.Attempts.Any(attempt => attempt.Risk is { IsHeld: true } && file.Receipts.Any(receipt => receipt.Status == ReceiptStatus.Held && string.Equals(receipt.AttemptId, attempt.Id, StringComparison.Ordinal)));
}
