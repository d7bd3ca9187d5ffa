using Tributary.Intelligence.Policy.Evaluation;

namespace Tributary.Intelligence.Tests.Policy.Evaluation;

public sealed class ConditionTests
{
    [Theory]
    [InlineData(":amount_eur: = 120", true)]
    [InlineData(":amount_eur: = 120.00", true)]
    [InlineData(":amount_eur: > 119.99", true)]
    [InlineData(":amount_eur: > 120.00", false)]
    [InlineData(":amount_eur: >= 120.0000", true)]
    [InlineData(":amount_eur: < :limit_eur:", true)]
    [InlineData(":amount_eur: + 380 = :limit_eur:", true)]
    [InlineData(":limit_eur: - :amount_eur: = 380", true)]
    [InlineData("-:amount_eur: = -120", true)]
    [InlineData("abs(:amount_eur: - :limit_eur:) = 380", true)]
    [InlineData("max(:amount_eur:, :limit_eur:) = 500", true)]
    [InlineData("min(:amount_eur:, 50) = 50", true)]
    [InlineData(":amount_eur: * 2 = 240", true)]
    [InlineData(":amount_eur: / 4 = 30", true)]
    [InlineData(":amount_eur: > :amount: - 1", true)]
    [InlineData(":amount_btc: = 0.0025", true)]
    [InlineData(":attempts: = 1", true)]
    [InlineData(":attempts: > 0.5", true)]
    [InlineData(":attempts: in (1, 2)", true)]
    [InlineData(":attempts: not in (1, 2)", false)]
    [InlineData(":amount_eur: in (120, 130.50)", true)]
    [InlineData("score = 0.25 and :score: >= 0.25", true)]
    [InlineData(":country: = 'DE'", true)]
    [InlineData(":country: != 'DE'", false)]
    [InlineData(":country: = :ip_country:", true)]
    [InlineData(":country: in ('FR', 'DE')", true)]
    [InlineData(":country: not in ('FR', 'DE')", false)]
    [InlineData(":country: starts with 'D' and :country: ends with 'E' and :country: contains 'DE'", true)]
    [InlineData(":country: not contains 'X'", true)]
    [InlineData("length(:country:) = 2", true)]
    [InlineData(":device: = 'phone'", true)]
    [InlineData(":device: in ('desktop', 'terminal')", false)]
    [InlineData("not :is_guest:", true)]
    [InlineData(":is_guest: = false", true)]
    [InlineData(":is_guest: != (1 > 2)", false)]
    [InlineData(":card: in list(trusted)", false)]
    [InlineData("not in @trusted", true)]
    [InlineData("in list(blocked_countries)", false)]
    [InlineData("count per card in 1h = 2 and count per card in 1 day = 5 and count per card in 24 hours = 5", true)]
    [InlineData("sum(amount) per card in 24h > 300", true)]
    [InlineData("sum(:amount:) per card in 1d > 300", true)]
    [InlineData(":attempts: between 1 and 1", true)]
    [InlineData(":attempts: not between 1 and 5", false)]
    [InlineData("1 + 2 * 3 = 7", true)]
    [InlineData("(1 + 2) * 3 = 9", true)]
    [InlineData("10 - 4 - 3 = 3", true)]
    [InlineData("true or false and false", true)]
    [InlineData("not false and false", false)]
    [InlineData("! (true && false) || false", true)]
    [InlineData("- -3 = 3", true)]
    [InlineData("1_000 = 1000.0", true)]
    [InlineData("'it''s' = \"it's\"", true)]
    [InlineData("0.1 + 0.2 > 0.2", true)]
    public void Conditions_mean_what_they_say(string condition, bool fires) => Assert.Equal(fires, new Shop().Fires(condition));

    [Fact]
    public void Amounts_are_exact_where_floating_point_is_not()
    {
        // 90,071,992,547,409.93 EUR in cents is 2⁵³ + 1, which no double holds.
        var shop = new Shop().With("amount_eur", FactValue.Of(9_007_199_254_740_993));
        Assert.True(shop.Fires(":amount_eur: = 90071992547409.93"));
        Assert.False(shop.Fires(":amount_eur: = 90071992547409.92"));
        Assert.True(shop.Fires(":amount_eur: > 90071992547409.92"));
    }

    [Fact]
    public void A_feature_equals_the_number_that_is_written_though_it_has_32_bits() =>
        Assert.True(new Shop().WithFeature("amount", 0.7f).Fires(":amount: = 0.7 and :amount: >= 0.7 and :amount: <= 0.7 and :amount: in (0.7)"));

    [Theory]
    [InlineData(":attempts: > 0")]
    [InlineData("not (:attempts: > 0)")]
    [InlineData(":attempts: in (1)")]
    [InlineData(":attempts: not in (1)")]
    [InlineData(":attempts: between 0 and 9")]
    [InlineData(":attempts: not between 0 and 9")]
    [InlineData(":country: = 'DE'")]
    [InlineData(":country: != 'DE'")]
    [InlineData(":country: contains 'D'")]
    [InlineData(":card: not in list(trusted)")]
    [InlineData("not in list(trusted)")]
    [InlineData(":is_guest:")]
    [InlineData("not :is_guest:")]
    [InlineData(":is_guest: = false")]
    [InlineData(":speed_kmh: < 1000")]
    [InlineData(":amount: < 1000")]
    [InlineData("score < 2")]
    [InlineData("not (score < 2)")]
    [InlineData(":device: != 'phone'")]
    [InlineData("max(:amount:, 3) > 1")]
    [InlineData("1 / 0 > 1")]
    [InlineData("not (0 / 0 > 1)")]
    [InlineData(":attempts: > 0 and true")]
    [InlineData(":attempts: > 0 or false")]
    public void A_missing_value_fires_neither_a_rule_nor_its_negation(string condition) => Assert.False(Blank().Fires(condition));

    [Theory]
    [InlineData(":attempts: > 0 or true")]
    [InlineData("not (:attempts: > 0 and false)")]
    [InlineData(":attempts: is missing and :country: is missing and :is_guest: is missing and :speed_kmh: is missing and :amount: is missing")]
    [InlineData("score is missing and :device: is missing and (:attempts: > 0) is missing and 1 / 0 is missing")]
    [InlineData("not (:attempts: is not missing)")]
    public void What_does_not_depend_on_a_missing_value_still_fires(string condition) => Assert.True(Blank().Fires(condition));

    [Fact]
    public void Whole_numbers_that_overflow_are_missing()
    {
        var shop = new Shop().With("amount_eur", FactValue.Of(long.MaxValue)).With("limit_eur", FactValue.Of(long.MinValue));
        Assert.True(shop.Fires(":amount_eur: + :amount_eur: is missing"));
        Assert.True(shop.Fires(":limit_eur: - :amount_eur: is missing"));
        Assert.True(shop.Fires("-:limit_eur: is missing and abs(:limit_eur:) is missing"));
        Assert.True(shop.Fires(":amount_eur: > :limit_eur:"));
    }

    [Fact]
    public void An_infinite_feature_exceeds_every_threshold_and_is_not_missing()
    {
        var shop = new Shop().WithFeature("amount", float.PositiveInfinity);
        Assert.True(shop.Fires(":amount: > 999999999 and :amount: is not missing"));
        Assert.True(shop.Fires("(:amount: - :amount:) is missing"));
    }

    [Theory]
    [InlineData(3f)]
    [InlineData(-1f)]
    [InlineData(0.5f)]
    [InlineData(float.PositiveInfinity)]
    public void A_category_never_seen_is_present_and_differs_from_all(float code)
    {
        var shop = new Shop().WithFeature("device", code);
        Assert.True(shop.Fires(":device: != 'phone' and :device: not in ('desktop', 'terminal') and :device: is not missing"));
    }

    [Fact]
    public void A_fact_of_another_kind_than_the_schema_says_is_missing() =>
        Assert.True(new Shop().With("attempts", FactValue.Of("1")).Fires(":attempts: is missing"));

    [Fact]
    public void Running_allocates_nothing()
    {
        var policy = Shop.Compile(
            """
            let far = :ip_country: != :country:
            block if :amount_eur: + 1 > :limit_eur: or in list(trusted) or :country: in ('FR', 'IT') or :attempts: in (5, 6)
            block if far and score > 0.5 or :device: = 'desktop' or length(:country:) > 2 or :country: contains 'X'
            shadow block if max(:amount:, :speed_kmh:) / 2 > 1 and :amount_eur: is not missing
            review if abs(:amount: - 3) < 1 or not (:is_guest: = false) or sum(amount) per card in 24h > 1000
            """);
        var shop = new Shop();
        shop.Decide(policy);
        shop.Decide(policy, modelMayDecide: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            shop.Decide(policy);
            shop.Decide(policy, modelMayDecide: false);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Shop Blank()
    {
        var shop = new Shop().WithScore(double.NaN);
        Array.Clear(shop.Facts);
        Array.Fill(shop.Features, float.NaN);
        return shop;
    }
}
