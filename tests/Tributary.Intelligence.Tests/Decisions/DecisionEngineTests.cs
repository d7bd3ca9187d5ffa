using System.Reflection;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Intelligence.Tests.Policy;

namespace Tributary.Intelligence.Tests.Decisions;

public sealed class DecisionEngineTests
{
    [Fact]
    public void A_decision_holds_everything_that_went_into_it()
    {
        var bench = new Bench("review if score >= 0.1 because 'large'", shadow: "block if score >= 0.1", withChallenger: true);
        bench.Challenger.Instead = () => 0.75;
        bench.Model.ScoreTakes = TimeSpan.FromMilliseconds(2);
        var decision = bench.Decide(withReasons: true);
        var entry = decision.Entry;
        Assert.Equal(Verdict.Review, decision.Verdict);
        Assert.Equal("large", decision.Rule!.Because);
        Assert.Equal(0.12, entry.Score, 6);
        Assert.Equal(bench.Payment.Features, entry.Features.AsEnumerable());
        Assert.Equal(bench.Payment.Facts, entry.Facts.AsEnumerable());
        Assert.Equal((7UL, Samples.Hash(1), bench.Parts.Policy.Hash, "lightning"), (entry.ListsVersion, entry.Model, entry.Policy, entry.Rail));
        Assert.Equal(new ShadowDecision(bench.Parts.ShadowPolicy!.Hash, Verdict.Block, 0), entry.Shadow);
        Assert.Equal(new ChallengerScore(Samples.Hash(2), 0.75), entry.Challenger);
        Assert.Equal(2_000, entry.LatencyMicroseconds);
        Assert.Equal([new Contribution(0, 1.2f), new Contribution(1, -0.5f), new Contribution(2, 0.25f)], entry.Reasons.AsEnumerable());
        Assert.Equal(-3, entry.BaseValue);
        Assert.Equal(DecisionNotes.None, entry.Notes);
        Assert.NotEqual(entry.Id, bench.Decide().Entry.Id);
    }

    [Fact]
    public void Reasons_speak_in_sentences_to_analysts_and_the_payer_gets_a_category_and_a_number()
    {
        var decision = new Bench("block if score >= 0.1").Decide(withReasons: true);
        var reasons = decision.Reasons(new ReasonWriter(Shop.Schema.Features, [new FeatureWords("amount", "The amount") { Unit = "EUR" }]));
        Assert.StartsWith("The amount is 120 EUR", reasons[0].Text, StringComparison.Ordinal);
        var notice = decision.ForPayer();
        Assert.Equal((decision.Entry.Id, PayerCategory.Declined, true), (notice.Reference, notice.Category, notice.CanBeContested));
        Assert.False(new Bench("otherwise allow").Decide().ForPayer().CanBeContested);
    }

    [Fact]
    public void What_the_payer_gets_holds_nothing_but_number_category_and_way_to_contest()
    {
        var properties = typeof(PayerNotice).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["CanBeContested", "Category", "Reference"], properties);
        Assert.False(typeof(PayerNotice).IsAssignableFrom(typeof(AnalystDecision)));
        Assert.DoesNotContain(typeof(AnalystDecision).GetMethods(BindingFlags.Public | BindingFlags.Static), method => method.Name is "op_Implicit" or "op_Explicit");
    }

    [Fact]
    public void A_rule_decides_what_the_payer_is_told()
    {
        Assert.Equal(PayerCategory.LimitReached, new Bench("block if score > 0 shown as limit_reached").Decide().Entry.Category);

        // Turned into a review by the cold start, a block is not shown as one.
        Assert.Equal(PayerCategory.UnderReview, new Bench("block if score > 0 shown as limit_reached", badOutcomes: 0).Decide().Entry.Category);
    }

    [Theory]
    [InlineData("hold", Verdict.Review, PayerCategory.UnderReview)]
    [InlineData("fail open", Verdict.Allow, PayerCategory.Accepted)]
    [InlineData("fail closed", Verdict.Block, PayerCategory.Declined)]
    public void A_spent_budget_does_what_the_policy_says(string whenSpent, Verdict verdict, PayerCategory category)
    {
        var bench = new Bench($"budget 5 ms then {whenSpent} block if :attempts: = 1");
        bench.Model.ScoreTakes = TimeSpan.FromMilliseconds(5);
        var decision = bench.Decide();
        Assert.Equal((verdict, category), (decision.Verdict, decision.Entry.Category));
        Assert.Null(decision.Rule);
        Assert.True(decision.Entry.Notes.HasFlag(DecisionNotes.BudgetSpent));
        Assert.Equal(0.12, decision.Entry.Score, 6);
    }

    [Fact]
    public void Time_that_went_by_before_the_engine_counts_and_the_model_is_not_asked_any_more()
    {
        var bench = new Bench("budget 5 ms then hold otherwise allow");
        var started = bench.Clock.GetTimestamp();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(6));
        bench.Model.Instead = () => throw new InvalidOperationException("asked");
        var decision = bench.Decide(started: started);
        Assert.Equal(Verdict.Review, decision.Verdict);
        Assert.Equal(DecisionNotes.BudgetSpent, decision.Entry.Notes);
        Assert.Equal(6_000, decision.Entry.LatencyMicroseconds);
    }

    [Fact]
    public void A_budget_that_is_just_not_spent_changes_nothing()
    {
        var bench = new Bench("budget 5 ms then fail closed otherwise allow");
        bench.Model.ScoreTakes = TimeSpan.FromMilliseconds(4.999);
        Assert.Equal(Verdict.Allow, bench.Decide().Verdict);
    }

    [Fact]
    public void A_clock_that_runs_backwards_spends_nothing()
    {
        var bench = new Bench("budget 5 ms then fail closed otherwise allow");
        bench.Model.ScoreTakes = TimeSpan.FromSeconds(-9);
        var decision = bench.Decide();
        Assert.Equal(Verdict.Allow, decision.Verdict);
        Assert.Equal(0, decision.Entry.LatencyMicroseconds);
    }

    [Fact]
    public void Reasons_are_left_out_when_a_slow_explainer_would_keep_the_payer_waiting()
    {
        var bench = new Bench("budget 5 ms then fail closed otherwise allow");
        bench.Model.ScoreTakes = TimeSpan.FromMilliseconds(4);
        bench.Model.ExplainTakes = TimeSpan.FromMilliseconds(4);
        Assert.NotEmpty(bench.Decide(withReasons: true).Entry.Reasons);
        bench.Model.ScoreTakes = TimeSpan.FromMilliseconds(5);
        var late = bench.Decide(withReasons: true);
        Assert.Empty(late.Entry.Reasons);
        Assert.True(late.Entry.Notes.HasFlag(DecisionNotes.ReasonsOmitted));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e300 * 1e300)]
    public void A_model_that_gives_no_number_is_journalled_and_its_score_is_missing(double score)
    {
        var bench = new Bench("review if score is missing block if score > 0");
        bench.Model.Instead = () => score;
        var decision = bench.Decide(withReasons: true);
        Assert.Equal(Verdict.Review, decision.Verdict);
        Assert.Equal(DecisionNotes.ModelFault, decision.Entry.Notes);
        Assert.True(double.IsNaN(decision.Entry.Score));
    }

    [Fact]
    public void A_model_challenger_or_explainer_that_throws_does_not_keep_a_payment_from_its_decision()
    {
        var bench = new Bench("review if score is missing otherwise allow", withChallenger: true);
        bench.Challenger.Instead = () => throw new InvalidOperationException("broken");
        bench.Model.ExplainerFails = true;
        var decision = bench.Decide(withReasons: true);
        Assert.Equal(Verdict.Allow, decision.Verdict);
        Assert.Equal(DecisionNotes.ExplainerFault | DecisionNotes.ChallengerFault, decision.Entry.Notes);
        bench.Model.Instead = () => throw new InvalidOperationException("broken");
        Assert.Equal(Verdict.Review, bench.Decide().Verdict);
    }

    [Fact]
    public void Without_a_model_rules_decide()
    {
        var bench = new Bench("block if score > 0 step_up if score is missing and :attempts: = 1", withModel: false);
        var decision = bench.Decide(withReasons: true);
        Assert.Equal((Verdict.StepUp, DecisionNotes.NoModel), (decision.Verdict, decision.Entry.Notes));
    }

    [Fact]
    public void The_cold_start_ends_with_the_two_hundredth_confirmed_bad_outcome()
    {
        var bench = new Bench("block if score > 0", badOutcomes: 199);
        Assert.Equal((Verdict.Review, DecisionNotes.ColdStart), (bench.Decide().Verdict, bench.Decide().Entry.Notes));
        bench.Outcomes.ConfirmedBadOutcomes = 200;
        Assert.Equal((Verdict.Block, DecisionNotes.None), (bench.Decide().Verdict, bench.Decide().Entry.Notes));
    }

    [Fact]
    public void Nobody_can_configure_the_cold_start_away()
    {
        var bench = new Bench("block if score > 0", badOutcomes: 150);
        bench.Engine.Use(DecisionSetup.Create(bench.Parts with { RequiredBadOutcomes = 0 }).Value);
        Assert.Equal(Verdict.Review, bench.Decide().Verdict);
        bench.Outcomes.ConfirmedBadOutcomes = 300;
        bench.Engine.Use(DecisionSetup.Create(bench.Parts with { RequiredBadOutcomes = 500 }).Value);
        Assert.Equal(Verdict.Review, bench.Decide().Verdict);
    }

    [Fact]
    public void Missing_and_infinite_features_are_noted()
    {
        var bench = new Bench("block if :amount: > 1000000");
        bench.WithFeature("amount", float.PositiveInfinity).WithFeature("card_sum_24h", float.NaN);
        var decision = bench.Decide();
        Assert.Equal(Verdict.Block, decision.Verdict);
        Assert.Equal(DecisionNotes.InfiniteFeature | DecisionNotes.MissingFeature, decision.Entry.Notes);
    }

    [Fact]
    public void A_request_that_does_not_fit_is_refused_with_its_field()
    {
        var bench = new Bench("otherwise allow");
        Assert.Equal("features", bench.Engine.Decide(bench.Request() with { Features = [1, 2] }).Error.Field);
        Assert.Equal("facts", bench.Engine.Decide(bench.Request() with { Facts = [] }).Error.Field);
        Assert.Equal("point", bench.Engine.Decide(bench.Request() with { Point = (DecisionPoint)9 }).Error.Field);
        Assert.Equal("rail", bench.Engine.Decide(bench.Request() with { Rail = "" }).Error.Field);
        Assert.Equal("facts.attempts", new Bench("otherwise allow").With("attempts", FactValue.Of(1.5)).Engine.Decide(new Bench("otherwise allow").With("attempts", FactValue.Of(1.5)).Request()).Error.Field);
        var tooLong = new Bench("otherwise allow").With("country", FactValue.Of(new string('x', 257)));
        Assert.Equal("facts.country", tooLong.Engine.Decide(tooLong.Request()).Error.Field);
    }

    [Theory]
    [InlineData("4111111111111111")]
    [InlineData("anna@example.com")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("")]
    public void An_identity_in_clear_is_refused_before_anything_is_written(string identity)
    {
        var bench = new Bench("otherwise allow").With("card", FactValue.Of(identity));
        var refusal = bench.Engine.Decide(bench.Request()).Error;
        Assert.Equal("facts.card", refusal.Field);
        Assert.DoesNotContain("4111", refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sex")]
    [InlineData("sex_male")]
    [InlineData("applicant_gender")]
    [InlineData("is_female")]
    [InlineData("ethnicity")]
    public void A_protected_attribute_cannot_get_into_a_decision(string name)
    {
        var outcomes = new Outcomes(0);
        var asFeature = PolicySchema.Create(FeatureSchema.Numeric("amount", name)).Value;
        var feature = DecisionSetup.Create(new DecisionParts(PolicyCompiler.Compile("otherwise allow", asFeature).Value, PolicyLists.Empty(asFeature), outcomes, ProtectedAttributes.Usual));
        Assert.Equal(name, feature.Error.Field);
        var asFact = PolicySchema.Create(FeatureSchema.Numeric("amount"), [new FactDefinition(name, PolicyType.Text)]).Value;
        var fact = DecisionSetup.Create(new DecisionParts(PolicyCompiler.Compile("otherwise allow", asFact).Value, PolicyLists.Empty(asFact), outcomes, ProtectedAttributes.Usual));
        Assert.Equal(name, fact.Error.Field);
    }

    [Fact]
    public void Names_that_only_contain_the_letters_are_no_protected_attributes()
    {
        Assert.Null(ProtectedAttributes.Usual.Check(["sextant_reading", "racecourse", "amount"]));
    }

    [Fact]
    public void A_model_or_policy_of_another_schema_is_refused()
    {
        var bench = new Bench("otherwise allow");
        var other = new StandInModel(FeatureSchema.Numeric("amount"));
        Assert.Equal("model", DecisionSetup.Create(bench.Parts with { Model = new ModelInUse(other, default, "other", other) }).Error.Field);
        Assert.Equal("challenger", DecisionSetup.Create(bench.Parts with { Challenger = new ModelInUse(other, default, "other", Explainer: null) }).Error.Field);
        Assert.Equal("model", DecisionSetup.Create(bench.Parts with { Model = new ModelInUse(bench.Model, default, "mixed", other) }).Error.Field);
        var schema = PolicySchema.Create(Shop.Schema.Features).Value;
        Assert.Equal("shadow_policy", DecisionSetup.Create(bench.Parts with { ShadowPolicy = PolicyCompiler.Compile("otherwise allow", schema).Value }).Error.Field);
    }

    [Fact]
    public void Setups_change_between_decisions_and_never_within_one()
    {
        var bench = new Bench("otherwise allow");
        var next = DecisionSetup.Create(bench.Parts with { Policy = Shop.Compile("otherwise block") }).Value;
        bench.Model.Instead = () =>
        {
            bench.Engine.Use(next);
            return 0.5;
        };
        var first = bench.Decide();
        Assert.Equal((Verdict.Allow, bench.Parts.Policy.Hash), (first.Verdict, first.Entry.Policy));
        Assert.Equal((Verdict.Block, next.Parts.Policy.Hash), (bench.Decide().Verdict, bench.Decide().Entry.Policy));
    }

    [Fact]
    public void A_decision_can_be_taken_again_from_its_entry_alone()
    {
        var bench = new Bench("block if :amount_eur: > 100 and score > 0.1 and in @trusted otherwise step_up");
        var entry = bench.With("card", FactValue.Of(Shop.Card)).Decide().Entry;
        var again = Shop.Compile(bench.Parts.Policy.Text).Evaluate(entry.Point, new PolicyFacts(entry.Features.AsSpan(), entry.Facts.AsSpan(), entry.Score, Shop.Lists), modelMayDecide: true);
        Assert.Equal(entry.Outcome, again);
    }
}
