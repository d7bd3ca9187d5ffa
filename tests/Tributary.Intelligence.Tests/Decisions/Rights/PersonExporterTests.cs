using System.Text.Json;
using Tributary.Intelligence.Decisions.Rights;
using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Fairness;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Intelligence.Tests.Policy;

namespace Tributary.Intelligence.Tests.Decisions.Rights;

public sealed class PersonExporterTests
{
    private const string PolicyText = "block if :amount_eur: > 100 and score > 0.1 because 'a large amount'";

    [Fact]
    public void A_person_gets_their_decisions_with_data_logic_consequence_and_outcome_and_nobody_elses()
    {
        var bench = new Bench(PolicyText);
        bench.With("card", FactValue.Of(Shop.Card));
        var mine = bench.Decide(withReasons: true).Entry;
        var other = bench.With("card", FactValue.Of(Shop.OtherCard)).Decide().Entry;
        JournalEntry[] entries =
        [
            new SchemaEntry(Shop.Schema),
            new ModelEntry(Samples.Hash(1), "gbdt-2026-03", IsChallenger: false, Samples.Anna),
            new PolicySavedEntry(bench.Parts.Policy.Hash, mine.Schema, PolicyText, Samples.Anna),
            mine,
            other,
            Samples.Label(0, isBad: false) with { Decision = mine.Id },
            new ContestOpenedEntry(Samples.Id(60), mine.Id, Samples.Time),
            new ContestResolvedEntry(Samples.Id(60), Samples.Anna, IsOverturned: true, "We were wrong.", Samples.Time),
            new ContestOpenedEntry(Samples.Id(61), other.Id, Samples.Time),
            new ContestResolvedEntry(Samples.Id(61), Samples.Anna, IsOverturned: true, "A secret of another person.", Samples.Time),
        ];
        var export = Export(entries, [Shop.Card]);
        var decision = Assert.Single(export.Decisions);
        Assert.Equal(mine.Id.ToString(), decision.Reference);
        Assert.Equal(("Block", "Declined", ":amount_eur: > 100 and score > 0.1", "a large amount"), (decision.Verdict, decision.Category, decision.Rule, decision.RuleReason));
        Assert.Contains("refused without a person", decision.Consequence, StringComparison.Ordinal);
        Assert.Contains(new ExportedValue("Amount eur", "120 EUR"), decision.Data);
        Assert.Contains(new ExportedValue("Device", "phone"), decision.Data);
        Assert.Contains(new ExportedValue("The amount", "120 EUR"), decision.Data);
        Assert.Contains("gbdt-2026-03", decision.Model, StringComparison.Ordinal);
        Assert.Equal(0.12, decision.Score!.Value, 6);
        Assert.Contains(decision.Factors, factor => factor.StartsWith("The amount is 120 EUR", StringComparison.Ordinal));
        Assert.Contains("AnalystVerdict", decision.Outcome, StringComparison.Ordinal);
        Assert.Contains("We were wrong.", Assert.Single(decision.Contests), StringComparison.Ordinal);
        Assert.Contains("Never used: sex", export.HowItWorks, StringComparison.Ordinal);

        var json = PersonExporter.ToJson(export);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(mine.Id.ToString(), document.RootElement.GetProperty("decisions")[0].GetProperty("reference").GetString());
        Assert.DoesNotContain("another person", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Offers_to_the_person_are_exported_with_their_outcomes_and_nobody_elses()
    {
        MethodRanking Ranking(ulong number, string? shopper) => new(number, Samples.Time, "de", shopper, ["lightning", "card"], [new("lightning", 0.75), new("card", 0.25)], 0);
        RoutingChoice Choice(ulong number, string? shopper) => new(number, Samples.Time, "de", shopper, "rail a", [new("rail a", 1)], 0);
        var export = Export(
            [
                new MethodRankingEntry(Ranking(1, Shop.Card)),
                new MethodRankingEntry(Ranking(2, Shop.OtherCard)),
                new RankingOutcomeEntry(2, "card", Samples.Time),
                new RankingOutcomeEntry(1, "lightning", Samples.Time),
                new RoutingChoiceEntry(Choice(1, Shop.Card)),
                new RoutingChoiceEntry(Choice(1, shopper: null)),
                new RoutingOutcomeEntry(1, Succeeded: true, Samples.Time),
            ],
            [Shop.Card]);
        Assert.Equal(2, export.Offers.Length);
        Assert.Equal(["lightning", "card"], export.Offers[0].Order);
        Assert.Equal("paid with lightning", export.Offers[0].Outcome);
        Assert.Equal("75.0 %", export.Offers[0].Chances[0].Value);

        // The router began anew: the outcome is of the later choice, which is nobody's.
        Assert.Equal(["rail a"], export.Offers[1].Order);
        Assert.Null(export.Offers[1].Outcome);
    }

    [Fact]
    public void Entries_that_do_not_fit_their_schema_or_policy_do_no_harm()
    {
        var decision = Samples.Decision();
        Assert.Empty(Export([decision], [Shop.Card]).Decisions);
        Assert.Empty(Export([new SchemaEntry(Shop.Schema), decision with { Facts = [] }], [Shop.Card]).Decisions);
        var odd = decision with { Reasons = [new Contribution(99, 1)], Outcome = decision.Outcome with { Rule = 77 } };
        var export = Export([new SchemaEntry(Shop.Schema), new PolicySavedEntry(decision.Policy, decision.Schema, "otherwise allow", Samples.Anna), odd], [Shop.Card]);
        Assert.Null(Assert.Single(export.Decisions).Rule);
    }

    private static PersonExport Export(IEnumerable<JournalEntry> entries, HashSet<string> pseudonyms) => PersonExporter.Export(
        entries.Select((entry, i) => new JournalItem(new Sequence((ulong)i + 1), Samples.Time, entry)),
        pseudonyms,
        [new FeatureWords("amount", "The amount") { Unit = "EUR" }],
        ProtectedAttributes.Usual);
}
