using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Tributary.Bitcoin.Chain;
using Tributary.Payments;
using Tributary.Payments.Errors;
using Tributary.Payments.Intents;
using Tributary.Server.Demo;
using Tributary.Server.Localisation;
using Tributary.Server.Pages.Checkout;

namespace Tributary.Server.Checkout;

/// <summary>Makes what the checkout page shows, and carries out what its forms ask for.</summary>
internal sealed class CheckoutPages(CheckoutOffers offers, PaymentService payments, IChainSource chain, TimeProvider clock, IServiceProvider services)
{
    private const string DemoFailed = "demo_failed";

    // Only on regtest.
    private readonly Shopper? _shopper = services.GetService<Shopper>();

    /// <summary>The page as it stands, with offers where it can be paid.</summary>
    public async Task<IResult> ShowAsync(CheckoutPlace place, string? tab, CancellationToken cancellationToken)
    {
        var (file, refusals) = await offers.EnsureAsync(place.Payment, place.Clues, cancellationToken);
        return Page(place with { Payment = file }, tab, refusals, cardProblem: null, StatusCodes.Status200OK);
    }

    /// <summary>Pays with a test card; the number is not kept.</summary>
    public async Task<IResult> PayByCardAsync(CheckoutPlace place, string? number, string? expiry, string? cvc, CancellationToken cancellationToken)
    {
        if (!IsCard(number, expiry, cvc))
            return Page(place, PayTab.Card, [], place.Texts["card.incomplete"], StatusCodes.Status400BadRequest);
        var confirmed = await payments.ConfirmAsync(place.Payment.Intent.Id, new ConfirmRequest(RailKind.Card, number) { Clues = place.Clues }, null, cancellationToken);
        if (confirmed.TryGet(out var file, out var error))
            return TypedResults.Redirect(file.AwaitingPayer is null ? place.Url(tab: PayTab.Card) : place.Url("authenticate"));

        // Paid or cancelled in the meantime: the page says so better than an error does.
        return error.Kind == PaymentErrorKind.InvalidRequest && error.Parameter is null
            ? TypedResults.Redirect(place.Url())
            : Page(place, PayTab.Card, [], place.Texts.Find("card." + error.Code, place.Texts["card.refused"]), StatusCodes.Status400BadRequest);
    }

    /// <summary>What the bank of a test card shows to its holder, whom it wants to see first; the page itself where nothing waits for that.</summary>
    public static IResult Authenticate(CheckoutPlace place) => place.Payment.AwaitingPayer is null
        ? TypedResults.Redirect(place.Url())
        : new RazorComponentResult<AuthenticatePage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(AuthenticatePage.Place)] = place });

    /// <summary>The holder has proved who they are, or has not; the page then leads back to the shop that sent them here.</summary>
    public async Task<IResult> AuthenticateAsync(CheckoutPlace place, string? result, CancellationToken cancellationToken)
    {
        var returnUrl = place.Payment.AwaitingPayer?.ReturnUrl;
        var answered = await payments.AuthenticateAsync(place.Payment.Intent.Id, string.Equals(result, "complete", StringComparison.Ordinal), cancellationToken);
        if (!answered.TryGet(out var file, out _) || returnUrl is null)
            return TypedResults.Redirect(place.Url(tab: PayTab.Card));
        var intent = file.Intent;
        var isPaid = intent.Status is IntentStatus.Succeeded or IntentStatus.RequiresCapture or IntentStatus.Processing;
        var back = $"{returnUrl}{(returnUrl.Contains('?', StringComparison.Ordinal) ? '&' : '?')}payment_intent={intent.Id}&payment_intent_client_secret={intent.ClientSecret}&redirect_status={(isPaid ? "succeeded" : "failed")}";
        return new RazorComponentResult<AuthenticatePage>(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(AuthenticatePage.Place)] = place with { Payment = file },
            [nameof(AuthenticatePage.Back)] = back,
            [nameof(AuthenticatePage.IsPaid)] = isPaid,
        });
    }

    /// <summary>Lets the demo wallet pay what is offered; there is none for real money.</summary>
    public async Task<IResult> PayByDemoWalletAsync(CheckoutPlace place, string? tab, CancellationToken cancellationToken)
    {
        if (place.Payment.Intent.IsLive || _shopper is not { } shopper)
            return TypedResults.NotFound();
        var rail = tab switch { PayTab.OnChain => RailKind.OnChain, PayTab.Lightning or PayTab.Wallet => RailKind.Lightning, _ => (RailKind?)null };
        var paid = await shopper.PayAsync(place.Payment, rail, null, cancellationToken);

        // Slow is no failure: the page tells when the money is there.
        return paid.TryGet(out _, out var error) || error.Kind == PaymentErrorKind.Unavailable
            ? TypedResults.Redirect(place.Url(tab: tab))
            : Page(place, tab, [error with { Code = DemoFailed }], cardProblem: null, StatusCodes.Status400BadRequest);
    }

    /// <summary>Mines a block of the test chain, so that a payment on it is confirmed.</summary>
    public async Task<IResult> MineAsync(CheckoutPlace place, CancellationToken cancellationToken)
    {
        if (place.Payment.Intent.IsLive || services.GetService<IDemoWallet>() is not { } wallet)
            return TypedResults.NotFound();
        await wallet.MineAsync(1, cancellationToken);
        return TypedResults.Redirect(place.Url());
    }

    /// <summary>The receipt of a payment that has settled; else the page itself.</summary>
    public static IResult Receipt(CheckoutPlace place) => place is { Phase: CheckoutPhase.Paid, Invoice: null or { Receipt.IsEnabled: not false } }
        ? new RazorComponentResult<ReceiptPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(ReceiptPage.Place)] = place })
        : TypedResults.Redirect(place.Url());

    public static IResult Missing(HttpRequest request) => new RazorComponentResult<MissingPage>(
        new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(MissingPage.Texts)] = Texts.For(request) })
    {
        StatusCode = StatusCodes.Status404NotFound,
    };

    private RazorComponentResult<CheckoutPage> Page(CheckoutPlace place, string? asked, ImmutableArray<PaymentError> refusals, string? cardProblem, int status)
    {
        var file = place.Payment;
        var phase = place.Phase;
        var tabs = phase is CheckoutPhase.Open or CheckoutPhase.Partial
            ? PayTabs.Of(file, chain.Network, place.StoreName, clock.GetUtcNow())
            : [];
        var view = new CheckoutView
        {
            Place = place,
            Phase = phase,
            Tabs = tabs,
            Tab = tabs.FirstOrDefault(tab => string.Equals(tab.Name, asked ?? Preferred(place), StringComparison.Ordinal)) ?? tabs.FirstOrDefault(),
            Money = phase == CheckoutPhase.Open ? [] : [.. CheckoutMoney.Of(file)],
            CardProblem = cardProblem ?? Declined(file, place.Texts),
            HasDemoWallet = _shopper is not null && !file.Intent.IsLive,
            DemoProblem = refusals.FirstOrDefault(static refusal => refusal.Code is DemoFailed) is { } failed ? place.Texts.Format("demo.failed", failed.Message) : null,
            Problem = tabs.IsEmpty && phase is CheckoutPhase.Open or CheckoutPhase.Partial ? Problem(refusals, place.Texts) : null,
        };
        return new RazorComponentResult<CheckoutPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(CheckoutPage.View)] = view }) { StatusCode = status };
    }

    private static string? Preferred(CheckoutPlace place) => place.Invoice?.DefaultRail switch
    {
        RailKind.Lightning => PayTab.Lightning,
        RailKind.OnChain => PayTab.OnChain,
        _ => null,
    };

    // Of the last card; offers of other rails stand beside it and say nothing about it.
    private static string? Declined(PaymentFile file, Texts texts) => file.Attempts.LastOrDefault(static attempt => attempt.Rail == RailKind.Card) is { Status: AttemptStatus.Failed } card
        ? texts.Find("card." + (card.DeclineCode ?? card.FailureCode), texts["card.generic_decline"])
        : null;

    private static string Problem(ImmutableArray<PaymentError> refusals, Texts texts) => refusals.IsEmpty
        ? texts["problem.none"]
        : texts.Find("problem." + refusals[0].Code, texts["problem.none"]);

    // The processor that stands behind the test numbers checks none of it; a form that took anything would teach nothing.
    private static bool IsCard(string? number, string? expiry, string? cvc)
    {
        if (number is not { Length: > 0 and <= 40 } || cvc is not { Length: 3 or 4 } || !cvc.All(char.IsAsciiDigit) || expiry is not { Length: <= 9 })
            return false;
        var parts = expiry.Split('/', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var month) && month is >= 1 and <= 12
            && parts[1].Length is 2 or 4 && parts[1].All(char.IsAsciiDigit);
    }
}
