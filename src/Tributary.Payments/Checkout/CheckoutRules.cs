using System.Collections.Immutable;
using Tributary.Payments.Errors;
using Tributary.Payments.Money;

namespace Tributary.Payments.Checkout;

/// <summary>What sessions and links refuse.</summary>
public static class CheckoutRules
{
    public const int LinesMax = 100;
    public const int UrlMax = 5000;
    public static readonly TimeSpan LifetimeMin = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan LifetimeMax = TimeSpan.FromHours(24);

    /// <summary>What is wrong with a bill; null where nothing is.</summary>
    public static PaymentError? CheckLines(ImmutableArray<CheckoutLine> lines, Currency currency)
    {
        if (lines.IsDefaultOrEmpty)
            return PaymentError.Invalid("parameter_missing", "line_items", "There has to be at least one line item.");
        if (lines.Length > LinesMax)
            return PaymentError.Invalid("parameter_invalid", "line_items", $"At most {LinesMax} line items.");
        var sum = Int128.Zero;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Name.Length is 0 or > CheckoutLine.NameMax)
                return PaymentError.Invalid("parameter_invalid", $"line_items[{i}][price_data][product_data][name]", $"A name has 1 to {CheckoutLine.NameMax} characters.");
            if (line.Description is { Length: > CheckoutLine.DescriptionMax })
                return PaymentError.Invalid("parameter_invalid", $"line_items[{i}][price_data][product_data][description]", $"At most {CheckoutLine.DescriptionMax} characters.");
            if (line.UnitAmount < 1)
                return PaymentError.Invalid("parameter_invalid_integer", $"line_items[{i}][price_data][unit_amount]", "The price of one has to be at least one minor unit.");
            if (line.Quantity is < 1 or > CheckoutLine.QuantityMax)
                return PaymentError.Invalid("parameter_invalid_integer", $"line_items[{i}][quantity]", $"A quantity is from 1 to {CheckoutLine.QuantityMax}.");
            sum += (Int128)line.UnitAmount * line.Quantity;
        }

        return sum > CurrencyAmount.LargestOf(currency)
            ? PaymentError.Invalid("amount_too_large", "line_items", $"The total can be at most {new CurrencyAmount(CurrencyAmount.LargestOf(currency), currency)}.")
            : null;
    }

    /// <summary>What is wrong with an address that a shopper's browser is sent to; null where nothing is.</summary>
    public static PaymentError? CheckUrl(string? url, string parameter, bool isLive)
    {
        if (url is null)
            return null;
        if (url.Length > UrlMax)
            return PaymentError.Invalid("url_invalid", parameter, $"An address has at most {UrlMax} characters.");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("https" or "http") || parsed.UserInfo.Length > 0)
            return PaymentError.Invalid("url_invalid", parameter, "An address begins with https:// and holds no user name.");
        return isLive && parsed.Scheme is not "https"
            ? PaymentError.Invalid("url_invalid", parameter, "With a live key an address begins with https://.")
            : null;
    }

    /// <summary>What is wrong with a receipt's address; null where nothing is.</summary>
    public static PaymentError? CheckEmail(string? email)
    {
        if (email is null)
            return null;
        var at = email.IndexOf('@', StringComparison.Ordinal);
        var isGood = email.Length <= 254 && at > 0 && at == email.LastIndexOf('@') && at < email.Length - 1 && !email.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c));
        return isGood ? null : PaymentError.Invalid("email_invalid", "customer_email", "This is no e-mail address.");
    }
}
