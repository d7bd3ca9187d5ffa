using Tributary.Payments.Intents;
using Tributary.Payments.Reporting;
using Tributary.Server.Dashboard;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>What the search of payments understands.</summary>
public sealed class PaymentQueryTests
{
    private static readonly PaymentSearch s_any = new("store_1", false, 10);

    [Theory]
    [InlineData("12.50 eur", "eur", 1_250, 1_250)]
    [InlineData("12,5 EUR", "eur", 1_250, 1_250)]
    [InlineData("eur 12.50", "eur", 1_250, 1_250)]
    [InlineData("12 eur", "eur", 1_200, 1_200)]
    [InlineData("12eur", "eur", 1_200, 1_200)]
    [InlineData("€12.50", "eur", 1_250, 1_250)]
    [InlineData("500 jpy", "jpy", 500, 500)]
    [InlineData("1.234 kwd", "kwd", 1_234, 1_234)]
    [InlineData("0.001 btc", "btc", 100_000, 100_000)]
    [InlineData("5000 sat", "btc", 5_000, 5_000)]
    [InlineData("amount:>1000 eur", "eur", 100_001, long.MaxValue)]
    [InlineData("amount:>=1000 currency:eur", "eur", 100_000, long.MaxValue)]
    [InlineData("amount:<12.505 eur", "eur", 0, 1_250)]
    [InlineData("amount:10-20 eur", "eur", 1_000, 2_000)]
    [InlineData(">10 <20 currency:usd", "usd", 1_001, 1_999)]
    [InlineData("currency:usd", "usd", 0, long.MaxValue)]
    public void An_amount_of_a_currency_is_a_span_of_its_minor_units(string text, string currency, long min, long max)
    {
        var search = PaymentQuery.Read(text, s_any).Value;
        Assert.Null(search.Text);
        var span = Assert.Single(search.Amounts!.Value);
        Assert.Equal((currency, min, max), (Assert.Single(span.Currencies).Code, span.Min, span.Max));
    }

    [Fact]
    public void An_amount_without_a_currency_is_asked_of_all_that_can_have_it()
    {
        var spans = PaymentQuery.Read("12.50", s_any).Value.Amounts!.Value;
        Assert.Equal([("eur", 1_250L), ("kwd", 12_500), ("btc", 1_250_000_000)], new[] { "eur", "kwd", "btc" }.Select(code => (code, spans.Single(span => span.Currencies.Any(currency => string.Equals(currency.Code, code, StringComparison.Ordinal))).Min)));

        // Half a yen is no amount.
        Assert.Equal(3, spans.Length);
        Assert.Empty(PaymentQuery.Read("12.505 eur", s_any).Value.Amounts!.Value);
        Assert.Equal(4, PaymentQuery.Read("amount:>1000", s_any).Value.Amounts!.Value.Length);
    }

    [Theory]
    [InlineData("pi_123", "pi_123")]
    [InlineData("17", "17")]
    [InlineData("two books", "two books")]
    [InlineData("cup of tea", "cup of tea")]
    [InlineData("id:pi_123", "pi_123")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("2026-11", "2026-11")]
    [InlineData("https://shop.example/a", "https://shop.example/a")]
    public void What_is_no_amount_and_no_field_stays_a_text(string text, string expected)
    {
        var search = PaymentQuery.Read(text, s_any).Value;
        Assert.Equal(expected, search.Text);
        Assert.Null(search.Amounts);
    }

    [Fact]
    public void Fields_are_read_apart_from_the_rest()
    {
        var search = PaymentQuery.Read("status:succeeded customer:cus_1 order_id:17 description:\"two books\" 12.50 eur lamp", s_any).Value;
        Assert.Equal((IntentStatus.Succeeded, "cus_1", "two books", "lamp"), (search.Status!.Value, search.CustomerId, search.Description, search.Text));
        Assert.Equal([new("order_id", "17")], search.Metadata);
        Assert.Single(search.Amounts!.Value);
        Assert.Equal("mary@shop.example", PaymentQuery.Read("customer:mary@shop.example", s_any).Value.Email);
        Assert.Equal(IntentStatus.Succeeded, PaymentQuery.Read("status:paid", s_any).Value.Status);
    }

    [Theory]
    [InlineData("amount:much", "much")]
    [InlineData("amount:1,000.50", "1,000.50")]
    [InlineData("currency:xyz", "xyz")]
    [InlineData("status:gone", "gone")]
    [InlineData(">", null)]
    public void What_cannot_be_meant_is_refused_by_name(string text, string? named)
    {
        var isRead = PaymentQuery.Read(text, s_any).TryGet(out _, out var refusal);
        Assert.Equal(named is null, isRead);
        if (named is not null)
            Assert.Contains($"'{named}'", refusal!.Reason, StringComparison.Ordinal);
    }
}
