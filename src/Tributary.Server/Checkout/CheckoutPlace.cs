using System.Text.Encodings.Web;
using Tributary.Payments.Checkout;
using Tributary.Payments.Intents;
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
        if ((language ?? AskedLanguage) is { } tag)
            query.Add("lang=" + tag);
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }
}
