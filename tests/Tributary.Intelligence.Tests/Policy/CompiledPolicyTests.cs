using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;

namespace Tributary.Intelligence.Tests.Policy;

public sealed class CompiledPolicyTests
{
    [Fact]
    public void The_first_rule_that_fires_decides()
    {
        var policy = Shop.Compile("review if :attempts: >= 1 block if :attempts: >= 0 otherwise step_up");
        var outcome = new Shop().Decide(policy);
        Assert.Equal((Verdict.Review, 0), (outcome.Verdict, outcome.Rule));
        Assert.Equal(1, new Shop().With("attempts", FactValue.Of(0L)).Decide(policy).Rule);
        Assert.Equal(Verdict.StepUp, new Shop().With("attempts", FactValue.Of(-1L)).Decide(policy).Verdict);
    }

    [Fact]
    public void Rules_outside_and_inside_of_points_are_read_in_the_order_of_the_text()
    {
        var policy = Shop.Compile("at refund { review if true } block if true at checkout { allow if true }");
        Assert.Equal(Verdict.Review, new Shop().Decide(policy, DecisionPoint.Refund).Verdict);
        Assert.Equal(Verdict.Block, new Shop().Decide(policy, DecisionPoint.Checkout).Verdict);
        Assert.Equal(Verdict.Block, new Shop().Decide(policy, DecisionPoint.Payout).Verdict);
    }

    [Fact]
    public void The_otherwise_with_the_fewest_points_wins_wherever_it_stands()
    {
        var policy = Shop.Compile("otherwise block at checkout, refund { otherwise review } at refund { otherwise step_up }");
        Assert.Equal(Verdict.StepUp, new Shop().Decide(policy, DecisionPoint.Refund).Verdict);
        Assert.Equal(Verdict.Review, new Shop().Decide(policy, DecisionPoint.Checkout).Verdict);
        Assert.Equal(Verdict.Block, new Shop().Decide(policy, DecisionPoint.Payout).Verdict);
    }

    [Fact]
    public void Shadow_rules_are_reported_and_do_not_act()
    {
        var policy = Shop.Compile("shadow block if :attempts: = 1 review if :attempts: = 1");
        var outcome = new Shop().Decide(policy);
        Assert.Equal((Verdict.Review, 1, Verdict.Block, 0), (outcome.Verdict, outcome.Rule, outcome.ShadowVerdict, outcome.ShadowRule));
        var other = new Shop().With("attempts", FactValue.Of(2L)).Decide(policy);
        Assert.Equal((Verdict.Allow, Verdict.Allow), (other.Verdict, other.ShadowVerdict));
    }

    [Fact]
    public void Undetermined_rules_are_counted()
    {
        var policy = Shop.Compile("block if :attempts: > 5 block if :country: = 'FR' review if not in list(trusted) allow if true");
        var outcome = new Shop().With("attempts", FactValue.Missing).With("card", FactValue.Missing).Decide(policy);
        Assert.Equal((Verdict.Allow, 2, 0), (outcome.Verdict, outcome.UndeterminedRules, outcome.FirstUndeterminedRule));
    }

    [Theory]
    [InlineData("block if score > 0.5", Verdict.Review)]
    [InlineData("step_up if score > 0.5", Verdict.Review)]
    [InlineData("review if score > 0.5", Verdict.Review)]
    [InlineData("allow if score > 0.5 otherwise block", Verdict.Block)]
    [InlineData("block if score > 0.5 block if :attempts: = 1", Verdict.Block)]
    [InlineData("block if score > 0.5 allow if :attempts: = 1", Verdict.Review)]
    [InlineData("block if score > 0.5 step_up if :attempts: = 1", Verdict.Review)]
    [InlineData("block if score > 0.5 or :attempts: = 1", Verdict.Block)]
    [InlineData("block if score > 0.5 and :attempts: = 1", Verdict.Review)]
    [InlineData("block if not (score < 0.5) and :attempts: = 1", Verdict.Review)]
    [InlineData("block if score is not missing", Verdict.Review)]
    [InlineData("block if (score > 0.5) is not missing", Verdict.Review)]
    [InlineData("block if max(score, 0.9) > 0.5", Verdict.Review)]
    [InlineData("let risky = score > 0.5 block if risky", Verdict.Review)]
    [InlineData("block if :attempts: = 1", Verdict.Block)]
    [InlineData("block if :attempts: = 1 and (score > 2 or true)", Verdict.Block)]
    public void A_cold_model_only_informs_or_sends_to_review(string text, Verdict expected)
    {
        var outcome = new Shop().WithScore(0.9).Decide(Shop.Compile(text), modelMayDecide: false);
        Assert.Equal(expected, outcome.Verdict);
    }

    [Fact]
    public void The_rule_that_a_cold_model_would_have_fired_is_reported()
    {
        var policy = Shop.Compile("allow if score < 0.1 block if score > 0.5 otherwise allow");
        var cold = new Shop().WithScore(0.9).Decide(policy, modelMayDecide: false);
        Assert.Equal((Verdict.Review, 1, 1), (cold.Verdict, cold.Rule, cold.ColdStartRule));
        var passed = new Shop().WithScore(0.05).Decide(policy, modelMayDecide: false);
        Assert.Equal((Verdict.Allow, 2, 0), (passed.Verdict, passed.Rule, passed.ColdStartRule));
        var warm = new Shop().WithScore(0.9).Decide(policy);
        Assert.Equal((Verdict.Block, 1, -1), (warm.Verdict, warm.Rule, warm.ColdStartRule));
    }
}
