using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Explanations;

namespace Tributary.Intelligence.Tests.Explanations;

public sealed class ReasonWriterTests
{
    private static readonly FeatureSchema Schema = new(
        ["amount", "country", "card_count_1h", "card_count_24h", "device_age_days"],
        [FeatureKind.Numeric, FeatureKind.Categorical, FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Numeric]);

    private static readonly ReasonWriter Writer = new(
        Schema,
        [
            new FeatureWords("amount", "The amount") { Unit = "EUR", Usual = 40 },
            new FeatureWords("country", "The card's country") { Categories = ImmutableSortedDictionary<int, string>.Empty.Add(3, "Norway") },
            new FeatureWords("card_count_1h", "Payments by this card in the last hour") { Group = "card velocity" },
            new FeatureWords("card_count_24h", "Payments by this card in the last day") { Group = "card velocity" },
        ]);

    [Fact]
    public void Reasons_are_sentences_with_value_and_direction()
    {
        var reasons = Writer.Write([1234.5f, 3, 0, 0, 2], [1.5, -.8, 0, 0, .2]);
        Assert.Equal(
            [
                "The amount is 1,234.5 EUR (usually 40 EUR), which raises the risk.",
                "Device age days is 2, which raises the risk.",
                "The card's country is Norway, which lowers the risk.",
            ],
            reasons.Select(reason => reason.Text).ToArray());
        Assert.Equal(Math.Exp(1.5), reasons[0].OddsFactor, 12);
        Assert.False(reasons[2].Raises);
    }

    [Fact]
    public void Missing_and_unseen_values_are_said_so()
    {
        var reasons = Writer.Write([float.NaN, 77, 0, 0, 0], [1, 1, 0, 0, 0]);
        Assert.Equal("The amount is not known, which raises the risk.", reasons[0].Text);
        Assert.Equal("The card's country is another value, which raises the risk.", reasons[1].Text);
        Assert.Equal("without limit EUR"[..13], Writer.Say(0, float.PositiveInfinity));
    }

    [Fact]
    public void A_group_gives_one_reason_with_its_sum()
    {
        var reason = Assert.Single(Writer.Write([0, 0, 9, 12, 0], [0, 0, .9, .4, 0]));
        Assert.Equal("card_count_1h", reason.Feature);
        Assert.Equal(1.3, reason.Contribution, 12);

        // The strongest speaks only when it agrees with the sum.
        var mixed = Assert.Single(Writer.Write([0, 0, 9, 12, 0], [0, 0, 1, -1.0001, 0], least: 0));
        Assert.Equal("card_count_24h", mixed.Feature);
        Assert.Empty(Writer.Write([0, 0, 9, 12, 0], [0, 0, 1, -.99, 0]));
    }

    [Fact]
    public void The_strongest_come_first_and_the_weakest_not_at_all()
    {
        var reasons = Writer.Write([1, 1, 1, 1, 1], [.01, .5, .7, 0, .6], most: 2);
        Assert.Equal(["card_count_1h", "device_age_days"], reasons.Select(reason => reason.Feature).ToArray());
    }

    [Fact]
    public void Extreme_numbers_can_be_said()
    {
        Assert.Equal("-1,000,000,000,000,000,013,287,555,072 EUR".Length, Writer.Say(0, float.MinValue).Length);
        Assert.Equal("0 EUR", Writer.Say(0, 1e-30f));
    }
}
