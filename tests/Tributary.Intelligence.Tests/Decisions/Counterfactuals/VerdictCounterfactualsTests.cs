using Tributary.Intelligence.Decisions.Counterfactuals;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Tests.Decisions.Counterfactuals;

public sealed class VerdictCounterfactualsTests
{
    private static readonly ActionableFeature Amount = new("amount", ActionDirection.Lower);
    private static readonly CoupledFact[] Coupled = [new("amount", "amount_eur")];

    [Fact]
    public void The_nearest_value_that_passes_is_found_over_score_and_rules_together()
    {
        // The score falls below .1 under 100 EUR; the rule on the amount asks for 90 EUR.
        var decision = new Bench("block if score >= 0.1 review if :amount_eur: > 90").Decide();
        var found = Assert.Single(VerdictCounterfactuals.Find(decision, [Amount], Coupled));
        Assert.Equal(("amount", 120f, Verdict.Allow), (found.Feature, found.From, found.Verdict));
        Assert.InRange(found.To, 89.99f, 90.0051f);
        Assert.Equal(found.To / 1_000, found.Score, 6);
    }

    [Fact]
    public void What_no_change_of_the_feature_mends_is_not_promised()
    {
        var decision = new Bench("block if :country: = 'DE'").Decide();
        Assert.Empty(VerdictCounterfactuals.Find(decision, [Amount], Coupled));
        Assert.Empty(VerdictCounterfactuals.Find(new Bench("otherwise allow").Decide(), [Amount], Coupled));
        Assert.Empty(VerdictCounterfactuals.Find(decision, [new ActionableFeature("nope", ActionDirection.Lower)], Coupled));
    }

    [Fact]
    public void Only_the_direction_that_a_person_could_go_is_tried()
    {
        var decision = new Bench("block if :amount: < 200").Decide();
        Assert.Empty(VerdictCounterfactuals.Find(decision, [Amount], Coupled));
        var up = Assert.Single(VerdictCounterfactuals.Find(decision, [new ActionableFeature("amount", ActionDirection.Higher, 0, 10_000)], Coupled));
        Assert.InRange(up.To, 200, 200.1f);
    }
}
