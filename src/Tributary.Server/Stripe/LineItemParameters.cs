using System.Collections.Immutable;
using Tributary.Payments.Checkout;
using Tributary.Payments.Money;
using Tributary.Server.Stripe.Parameters;

namespace Tributary.Server.Stripe;

/// <summary>Reads <c>line_items</c>: each with its price beside it, since there is no catalogue of prices here.</summary>
internal static class LineItemParameters
{
    /// <summary>The bill and its one currency; what is wrong is the reader's to say.</summary>
    public static (ImmutableArray<CheckoutLine> Lines, Currency Currency) Read(ParameterReader parameters)
    {
        var items = parameters.Items("line_items", CheckoutRules.LinesMax);
        parameters.Require("line_items", items.Count > 0);
        var lines = ImmutableArray.CreateBuilder<CheckoutLine>(items.Count);
        Currency? first = null;
        foreach (var item in items)
        {
            if (item.Text("price", 200) is not null)
                item.Refuse("resource_missing", "price", "There is no catalogue of prices here: send price_data with currency, unit_amount and product_data[name].");
            item.Ignore("adjustable_quantity", "tax_rates", "dynamic_tax_rates");
            var quantity = item.Integer("quantity") ?? 1;
            var data = item.Inner("price_data");
            item.Require("price_data", data is not null);
            if (data is null)
                continue;
            var code = data.Text("currency", 10);
            data.Require("currency", code is not null);
            if (code is not null && !Currency.TryParse(code, out _))
                data.Refuse("parameter_invalid", "currency", $"Invalid currency: {code}. A three-letter ISO code, or btc.");
            else if (Currency.TryParse(code, out var currency))
            {
                if (first is { } other && other != currency)
                    data.Refuse("parameter_invalid", "currency", "All line items have one currency.");
                first ??= currency;
            }

            var amount = data.Integer("unit_amount");
            data.Require("unit_amount", amount is not null);
            data.Ignore("tax_behavior", "recurring");
            var product = data.Inner("product_data");
            data.Require("product_data", product is not null);
            var name = product?.Text("name", CheckoutLine.NameMax);
            product?.Require("name", name is not null);
            var description = product?.Text("description", CheckoutLine.DescriptionMax);
            product?.Ignore("images", "metadata", "tax_code", "unit_label");
            lines.Add(new CheckoutLine(name ?? "", description, amount ?? 0, quantity));
        }

        return (lines.ToImmutable(), first ?? Currency.Bitcoin);
    }
}
