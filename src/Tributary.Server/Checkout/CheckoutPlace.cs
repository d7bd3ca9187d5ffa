using System.Text.Encodings.Web;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
using Tributary.Payments.Invoices;
using Tributary.Payments.Risk;
using Tributary.Server.Localisation;

namespace Tributary.Server.Checkout;

/// <summary>A page to pay on, by its address: a session's, or a bare intent's with its client secret.</summary>
/// <param name="Payment">What is paid.</param>
/// <param name="Session">What is bought; null for a bare intent.</param>
/// <param name="StoreName">Who sells.</param>
/// <param name="Texts">The shopper's language.</param>
/// <param name="AskedLanguage">The language that the address asks for, which its links keep; null where the browser's is taken.</param>
public sealed record CheckoutPlace(PaymentFile Payment, CheckoutSession? Session, string StoreName, Texts Texts, string? AskedLanguage)
{
    /// <summary>What is known of the shopper, for the risk gate alone.</summary>
    public RiskClues Clues { get; init; } = RiskClues.None;

    /// <summary>The invoice that is paid; null where there is none.</summary>
    public Invoice? Invoice { get; init; }

    /// <summary>The page stands in a frame of a shop.</summary>
    public bool IsFramed { get; init; }

    /// <summary>What the shopper has to know first; a merchant's word that an invoice is settled counts.</summary>
    public CheckoutPhase Phase => Invoice?.Mark == InvoiceMark.Settled ? CheckoutPhase.Paid : CheckoutView.PhaseOf(Payment);

    /// <summary>How the invoice stands, for the shop around the frame; null without one.</summary>
    public string? FrameStatus => IsFramed && Invoice is { } invoice ? new InvoiceFile(invoice, Payment).Status.ToString() : null;

    /// <summary>Where the shopper goes by itself after paying; null where nobody is sent away.</summary>
    public string? ReturnUrl => Phase == CheckoutPhase.Paid && !IsFramed && Invoice is null or { RedirectsAutomatically: true } ? Session?.ResolveSuccessUrl() : null;

    /// <summary>The address of a part of the page.</summary>
    /// <param name="part">"card", "events", "receipt"; empty for the page itself.</param>
    /// <param name="tab">The way to pay that is shown.</param>
    /// <param name="language">Another language.</param>
    public string Url(string part = "", string? tab = null, string? language = null)
    {
        var query = new List<string>(3);
        var path = Session?.Path;
        if (path is null)
        {
            path = $"/pay/{Payment.Intent.Id}";
            query.Add("client_secret=" + UrlEncoder.Default.Encode(Payment.Intent.ClientSecret));
        }

        if (part.Length > 0)
            path += "/" + part;
        if (tab is not null)
            query.Add("pay=" + tab);
        if (IsFramed)
            query.Add("view=modal");
        if ((language ?? AskedLanguage) is { } tag)
            query.Add("lang=" + tag);
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }
}
