using System.Collections.Immutable;
using System.Text.Json;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Labels;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Intelligence.Tests.Journal;
using Tributary.Intelligence.Tests.Policy;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Tests.Decisions.Backtesting;

public sealed class PolicyBacktestTests
{
    private static readonly DateTimeOffset AsOf = Samples.Time.AddDays(60);

    private readonly List<JournalItem> _journal = [];

    public PolicyBacktestTests() => Add(new SchemaEntry(Shop.Schema));

    [Fact]
    public void Figures_are_what_a_count_by_hand_finds()
    {
        // Amounts in EUR; everything went on when it was decided.
        Payment(1, 100);
        Payment(2, 600);
        Payment(3, 700, isBad: true);
        Payment(4, 50, isBad: true);
        Payment(5, 900, days: 59);
        Payment(6, 800, was: Verdict.Review);
        var report = Run("block if :amount_eur: > 650 because 'large' review if :amount_eur: > 550 shadow block if :amount_eur: < 60");

        Assert.Equal((6, 2, 2, 2), (report.Decisions, report.Payments.Good, report.Payments.Bad, report.Payments.Unknown));
        Assert.Equal(70_000 + 5_000, report.Payments.BadAmount);
        Assert.Equal([2L, 0, 1, 3], report.Candidate.Verdicts.Select(verdict => verdict.Payments.Total));
        Assert.Equal([5L, 0, 1, 0], report.Incumbent.Verdicts.Select(verdict => verdict.Payments.Total));
        Assert.Equal(0, report.Candidate.FalseBlocksPerThousand);
        Assert.Equal(0.5, report.Candidate.BadStoppedShare);

        // The bad 700 is saved; the good 600 waits for a review that costs 3.00. Payments 5 and 6 are not known.
        Assert.Equal(70_000 - 300, report.Candidate.NetValue);
        Assert.Equal(-300, report.Incumbent.NetValue);
        Assert.Equal((3, 1, 1), (report.Rules[0].Decided.Total, report.Rules[0].Decided.Bad, report.Rules[1].Decided.Good));
        Assert.Equal(1, report.Rules[0].Precision.Estimate);
        Assert.Equal((1, 1), (report.Rules[2].Decided.Total, report.Rules[2].Decided.Bad));
        Assert.Equal(
            [(Verdict.Allow, Verdict.Review, 1L), (Verdict.Allow, Verdict.Block, 2), (Verdict.Review, Verdict.Block, 1)],
            report.Changes.Select(change => (change.From, change.To, change.Payments.Total)));
        Assert.Equal((4, 4), (report.Changed, report.Examples.Length));
    }

    [Fact]
    public void Blocks_of_good_payments_cost_their_margin_and_step_ups_lose_some()
    {
        Payment(1, 1_000);
        Payment(2, 1_000, isBad: true);
        var economics = new BacktestEconomics(MarginBasisPoints: 250, ReviewCost: 500, ReviewCatchesBasisPoints: 9_000, StepUpStopsBasisPoints: 5_000, StepUpLosesBasisPoints: 2_000);
        Assert.Equal(100_000 - 2_500, Run("otherwise block", economics).Candidate.NetValue);
        Assert.Equal(50_000 - 500, Run("otherwise step_up", economics).Candidate.NetValue);
        Assert.Equal(90_000 - 1_000, Run("otherwise review", economics).Candidate.NetValue);
        Assert.Equal(0, Run("otherwise allow", economics).Candidate.NetValue);
        Assert.Equal(1_000, Run("otherwise block", economics).Candidate.FalseBlocksPerThousand);
    }

    [Fact]
    public void What_is_known_later_than_the_run_is_not_used()
    {
        Payment(1, 100);
        Add(Samples.Label(1), AsOf.AddDays(1));
        Payment(2, 100, days: 61);
        var report = Run("otherwise block");
        Assert.Equal((1, 1, 0), (report.Decisions, report.Payments.Good, report.Payments.Bad));
    }

    [Fact]
    public void A_period_can_be_chosen()
    {
        for (var i = 1; i <= 10; i++)
            Payment(i, 100, days: i);
        var report = Backtest(Shop.Compile("otherwise allow"), Options() with { From = Samples.Time.AddDays(3), To = Samples.Time.AddDays(6) }).Value;
        Assert.Equal((3, Samples.Time.AddDays(3), Samples.Time.AddDays(5)), (report.Decisions, report.First, report.Last));
    }

    [Fact]
    public void History_of_another_schema_is_read_by_names_and_what_it_lacks_is_missing()
    {
        Payment(1, 700);
        var wider = PolicySchema.Create(
            FeatureSchema.Numeric("new_feature", "amount"),
            [new FactDefinition("country", PolicyType.Text), new FactDefinition("amount_eur", PolicyType.Amount("EUR", 2)), new FactDefinition("attempts", PolicyType.Text)]).Value;
        var policy = PolicyCompiler.Compile("block if :new_feature: > 1 block if :attempts: = '1' review if :country: = 'DE' and :amount_eur: = 700 and :amount: = 120", wider).Value;
        var report = Backtest(policy, Options() with { Lists = PolicyLists.Empty(wider) }).Value;
        Assert.Equal(1, report.Rules[2].Decided.Total);
        Assert.Equal(["attempts", "new_feature"], report.MissingAttributes.ToArray());
        Assert.Equal(1, report.Undetermined);
    }

    [Fact]
    public void Categories_with_other_codes_are_missing_instead_of_mistaken()
    {
        Payment(1, 100);
        var schema = PolicySchema.Create(
            new FeatureSchema(["device"], [FeatureKind.Categorical]),
            categories: ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("device", ["terminal", "phone"])).Value;
        var policy = PolicyCompiler.Compile("block if :device: = 'terminal' review if :device: is missing", schema).Value;
        var report = Backtest(policy, Options() with { Lists = PolicyLists.Empty(schema), AmountFact = null }).Value;
        Assert.Equal((0, 1), (report.Rules[0].Decided.Total, report.Rules[1].Decided.Total));
        Assert.Null(report.Candidate.NetValue);
    }

    [Fact]
    public void Rows_can_be_scored_again_with_another_model()
    {
        Payment(1, 100);
        var model = new StandInModel(Shop.Schema.Features) { Instead = () => 0.9 };
        var policy = Shop.Compile("review if score > 0.5");
        Assert.Equal(0, Backtest(policy, Options()).Value.Changed);
        Assert.Equal(1, Backtest(policy, Options() with { Rescore = model }).Value.Changed);
        Assert.Equal("rescore", Backtest(policy, Options() with { Rescore = new StandInModel(FeatureSchema.Numeric("x")) }).Error.Field);
    }

    [Fact]
    public void The_cold_start_holds_in_the_past_as_well()
    {
        Payment(1, 100);
        var policy = Shop.Compile("block if score > 0.1");
        Assert.Equal((Verdict.Review, false), (Backtest(policy, Options()).Value.Changes[0].To, Backtest(policy, Options()).Value.ModelMayDecide));
        for (var i = 2; i <= 201; i++)
            Payment(i, 100, isBad: true);
        var report = Backtest(policy, Options()).Value;
        Assert.Equal((Verdict.Block, true), (report.Changes[0].To, report.ModelMayDecide));
    }

    [Fact]
    public void A_merchant_without_history_gets_a_report_that_says_so()
    {
        var report = Backtest(Shop.Compile("otherwise allow"), Options(), empty: true).Value;
        Assert.Equal(0, report.Decisions);
        Assert.Contains("no history", report.ToText(), StringComparison.Ordinal);
        Assert.Equal(0, report.ToEntry(Samples.Hash(1), Samples.Anna).Decisions);
    }

    [Fact]
    public void Damaged_rows_and_amounts_beyond_reason_do_no_harm()
    {
        Payment(1, 100);
        Add(Samples.Decision(2) with { Features = [], Schema = SchemaEntry.HashOf(Shop.Schema) });
        Add(Samples.Decision(3) with { Schema = Samples.Hash(9) });
        for (var i = 4; i < 8; i++)
            Add(Decision(i, long.MaxValue, Verdict.Allow, days: 0));
        Add(Decision(8, long.MinValue, Verdict.Allow, days: 0));
        var report = Run("otherwise block");
        Assert.Equal((6, 2, long.MaxValue), (report.Decisions, report.Skipped, report.Payments.GoodAmount));
    }

    [Fact]
    public void A_report_is_text_json_and_an_entry()
    {
        Payment(1, 700, isBad: true);
        Payment(2, 700);
        var policy = Shop.Compile("block if :amount_eur: > 650 otherwise allow");
        var report = Backtest(policy, Options()).Value;
        var text = report.ToText();
        Assert.Contains("false blocks per 1,000 good", text, StringComparison.Ordinal);
        Assert.Contains(":amount_eur: > 650", text, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(2, json.RootElement.GetProperty("decisions").GetInt64());
        Assert.Equal(new PolicyBacktestedEntry(policy.Hash, 2, 2, 2, 1, 1, Samples.Anna), report.ToEntry(policy.Hash, Samples.Anna));
    }

    [Fact]
    public void An_amount_that_is_none_is_refused()
    {
        Assert.Equal("amount_fact", Backtest(Shop.Compile("otherwise allow"), Options() with { AmountFact = "amount" }).Error.Field);
        Assert.Equal("amount_fact", Backtest(Shop.Compile("otherwise allow"), Options() with { AmountFact = "nope" }).Error.Field);
    }

    private static BacktestOptions Options() => new() { AsOf = AsOf, Lists = Shop.Lists, AmountFact = "amount_eur" };

    private static DecisionEntry Decision(int number, long cents, Verdict was, double days)
    {
        var shop = new Shop().With("amount_eur", FactValue.Of(cents));
        return Samples.Decision(number) with
        {
            At = Samples.Time.AddDays(days),
            Features = [.. shop.Features],
            Facts = [.. shop.Facts],
            Outcome = new PolicyOutcome(was, -1, -1, 0, -1, was, -1),
        };
    }

    private BacktestReport Run(string policy, BacktestEconomics? economics = null) =>
        Backtest(Shop.Compile(policy), Options() with { Economics = economics ?? new BacktestEconomics() }).Value;

    private Result<BacktestReport, Refusal> Backtest(CompiledPolicy policy, BacktestOptions options, bool empty = false) =>
        PolicyBacktest.Run(policy, () => empty ? [] : _journal, options, cancellationToken: TestContext.Current.CancellationToken);

    private void Payment(int number, long euros, bool isBad = false, Verdict was = Verdict.Allow, double days = 0)
    {
        Add(Decision(number, euros * 100, was, days));
        if (isBad)
            Add(Samples.Label(number, source: LabelSource.Rail), Samples.Time.AddDays(20));
    }

    private void Add(JournalEntry entry, DateTimeOffset? at = null) => _journal.Add(new JournalItem(new Sequence((ulong)_journal.Count + 1), at ?? Samples.Time, entry));
}
