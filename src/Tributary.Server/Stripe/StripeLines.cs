using System.Collections.Immutable;
using Tributary.Payments.Checkout;
using Tributary.Payments.Errors;
using Tributary.Payments.Money;

namespace Tributary.Server.Stripe;

/// <summary>Pages of line items, which lie in their session or link in the order in which they were sent.</summary>
internal static class StripeLines
{
    public static StripeAnswer Page(StripePage page, ImmutableArray<CheckoutLine> lines, Currency currency, string url)
    {
        var at = page.Cursor is { } cursor ? IndexOf(lines, cursor) : -1;
        if (page.Cursor is { } absent && at < 0)
            return StripeErrors.Of(PaymentError.Missing("item", absent));
        List<CheckoutLine> found = page.Before is null
            ? [.. lines.Skip(at + 1).Take(page.Limit + 1)]
            : [.. lines.Take(at).TakeLast(page.Limit + 1)];
        return page.Answer(url, found, (writer, line) => StripeCheckout.Line(writer, line, currency));
    }

    private static int IndexOf(ImmutableArray<CheckoutLine> lines, string id)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.Equals(lines[i].Id, id, StringComparison.Ordinal))
                return i;
        }

        return -1;
    }
}
