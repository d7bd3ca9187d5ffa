using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Checkout;
using Tributary.Payments.Money;

namespace Tributary.Payments.Tests.Checkout;

public sealed class CheckoutRulesTests
{
    [Fact]
    public void A_bill_passes_exactly_when_every_line_and_its_total_are_within_bounds() =>
        Check.QuickThrowOnFailure(Prop.ForAll((long[] amounts, long[] quantities, bool isBitcoin) =>
        {
            var currency = isBitcoin ? Currency.Bitcoin : Currency.Of("eur");
            ImmutableArray<CheckoutLine> lines = [.. amounts.Zip(quantities, static (amount, quantity) => new CheckoutLine("Tea", null, amount, quantity))];
            var total = lines.Aggregate(Int128.Zero, static (sum, line) => sum + ((Int128)line.UnitAmount * line.Quantity));
            var isGood = lines.Length is >= 1 and <= CheckoutRules.LinesMax
                && lines.All(static line => line.UnitAmount >= 1 && line.Quantity is >= 1 and <= CheckoutLine.QuantityMax)
                && total <= CurrencyAmount.LargestOf(currency);
            return CheckoutRules.CheckLines(lines, currency) is null == isGood;
        }));

    [Theory]
    [InlineData(9_999_999, 10, true)]
    [InlineData(10_000_000, 10, false)]
    [InlineData(long.MaxValue, 2, false)]
    [InlineData(1, 999_999, true)]
    [InlineData(1, 1_000_000, false)]
    public void The_total_has_the_bound_of_an_intent(long amount, long quantity, bool isTaken) =>
        Assert.Equal(isTaken, CheckoutRules.CheckLines([new CheckoutLine("Tea", null, amount, quantity)], Currency.Of("eur")) is null);

    [Theory]
    [InlineData("https://shop.example/thanks?session={CHECKOUT_SESSION_ID}", true, true)]
    [InlineData("http://localhost:3000/thanks", false, true)]
    [InlineData("http://shop.example/thanks", true, false)]
    [InlineData("javascript:alert(1)", false, false)]
    [InlineData("data:text/html,x", false, false)]
    [InlineData("//shop.example", false, false)]
    [InlineData("/thanks", false, false)]
    [InlineData("https://user:secret@shop.example/", false, false)]
    public void A_shopper_is_sent_to_web_pages_only(string url, bool isLive, bool isTaken) =>
        Assert.Equal(isTaken, CheckoutRules.CheckUrl(url, "success_url", isLive) is null);

    [Theory]
    [InlineData("a@b", true)]
    [InlineData("a@b\r\nBcc: c@d", false)]
    [InlineData("ab", false)]
    [InlineData("@b", false)]
    [InlineData("a@", false)]
    [InlineData("a@b@c", false)]
    public void An_address_for_receipts_is_one_address(string email, bool isTaken) => Assert.Equal(isTaken, CheckoutRules.CheckEmail(email) is null);
}
