using System.Collections.Immutable;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Models.Files;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Policy.Evaluation;
using Tributary.Intelligence.Protocols;
using Tributary.Intelligence.Protocols.Fraud;

namespace Tributary.Intelligence.Tests.Protocols.Fraud;

public sealed class FraudModelTests
{
    private static readonly Lazy<(IPaymentHistory History, byte[] File)> Trained = new(Train);

    [Fact]
    public void A_model_file_carries_all_that_serving_needs()
    {
        var (history, file) = Trained.Value;
        var model = FraudModel.Read(file).Value;
        Assert.Same(PaymentFormat.Commerce, model.Format);
        Assert.Equal(PaymentFormat.Commerce.Engine.ToString(), model.Features.ToString());
        Assert.Equal(history.Categories.ToArray(), model.Categories.ToArray());
        Assert.Equal((long)history.Count, model.File.Lineage.Rows);
        Assert.InRange(model.File.Lineage.Metrics["roc_auc"], .9, 1);
        Assert.NotNull(model.File.Reference);

        // Scores of a stream served from the file are those of a table computed at once.
        var scored = Score(model, history);
        var store = new FeatureStore(model.Features);
        var row = new float[model.Features.Schema.Count];
        for (var i = 0; i < history.Count; i++)
        {
            Assert.True(store.Observe(history.Payment(i), row).IsOk);
            Assert.Equal(scored.Scores[i], model.File.Model.Score(row));
            if (history.IsFraud(i))
                Assert.True(store.Apply(history.Payment(i), Outcome.Fraud).IsOk);
        }
    }

    [Fact]
    public void A_model_of_something_else_is_refused()
    {
        var file = ModelFile.Read(Trained.Value.File).Value;
        var options = file.Lineage.Options;
        Assert.Equal("model", FraudModel.Read((file with { Lineage = file.Lineage with { Options = options.Remove("format") } }).ToBytes()).Error.Field);
        Assert.Equal("model", FraudModel.Read((file with { Lineage = file.Lineage with { Options = options.Remove("features") } }).ToBytes()).Error.Field);
        Assert.Equal("model", FraudModel.Read((file with { Lineage = file.Lineage with { Options = options.SetItem("features", "amount = amount") } }).ToBytes()).Error.Field);
        Assert.Equal("magic", FraudModel.Read([1, 2, 3]).Error.Field);
    }

    [Fact]
    public void Categories_keep_their_codes_in_another_file_and_unknown_ones_get_codes_never_seen()
    {
        var model = FraudModel.Read(Trained.Value.File).Value with { Categories = ["travel", "books"] };
        var history = Trained.Value.History;
        var recoded = model.Recode(history);
        for (var row = 0; row < 200; row++)
        {
            var name = history.Categories[history.Payment(row).Category];
            Assert.Equal(name, recoded.Categories[recoded.Payment(row).Category]);
            Assert.Equal(name is not ("travel" or "books"), recoded.Payment(row).Category >= 2);
        }
    }

    [Fact]
    public void The_amount_below_which_a_payment_passes_was_computed()
    {
        var (history, file) = Trained.Value;
        var model = FraudModel.Read(file).Value;
        var scored = Score(model, history);
        var found = 0;
        foreach (var row in Enumerable.Range(0, history.Count).Where(row => history.Payment(row).AmountMinor > 20_000 && scored.Scores[row] is > .3 and < .95).Take(3))
        {
            var threshold = scored.Scores[row] * .9;
            var bound = AmountCounterfactual.Find(model, scored.History, row, threshold, TestContext.Current.CancellationToken).Value;
            if (bound.AmountMinor is not { } amount)
                continue;
            found++;
            Assert.True(amount < history.Payment(row).AmountMinor);
            Assert.True(bound.Score < threshold);

            // Replayed from the beginning, with that amount in the payment's place.
            Assert.Equal(bound.Score, Score(model, new OtherAmount(history, row, amount)).Scores[row]);
        }

        Assert.NotEqual(0, found);
    }

    [Fact]
    public void Policies_are_tried_on_a_file_by_the_code_that_tries_them_on_a_journal()
    {
        var (history, file) = Trained.Value;
        var model = FraudModel.Read(file).Value;
        var scored = Score(model, history);
        var journal = HistoryJournal.Create(model, scored, "EUR").Value;
        var policy = PolicyCompiler.Compile("block if score >= 0.5 review if :category: = 'travel' and :amount_total: > 500", journal.Schema).Value;
        var report = PolicyBacktest.Run(
            policy,
            journal.Items,
            new BacktestOptions { AsOf = journal.AllKnownAt, Lists = PolicyLists.Empty(journal.Schema), LabelDelay = TimeSpan.FromDays(7), AmountFact = HistoryJournal.AmountFact },
            cancellationToken: TestContext.Current.CancellationToken).Value;
        Assert.Equal(history.Count, report.Decisions);
        Assert.Equal((history.FraudCount, 0), (report.Payments.Bad, report.Payments.Unknown));
        Assert.Equal(scored.Scores.Count(static score => score >= .5), report.Rules[0].Decided.Total);
        Assert.NotEqual(0, report.Rules[1].Decided.Total);
    }

    [Fact]
    public void Every_feature_of_every_format_has_words()
    {
        foreach (var set in PaymentFormat.All.SelectMany(static format => new[] { format.Engine, format.Reference }))
        {
            var words = FeatureWording.Of(set, ["books"], "EUR");
            Assert.Equal(set.Schema.Names.ToArray(), words.Select(static word => word.Feature), StringComparer.Ordinal);
            Assert.Equal(words.Length, words.Select(static word => word.Title).Distinct(StringComparer.Ordinal).Count());
            Assert.All(words, static word => Assert.DoesNotContain("  ", word.Title, StringComparison.Ordinal));
        }
    }

    private static ScoredHistory Score(FraudModel model, IPaymentHistory history) =>
        ScoredHistory.Of(model, history, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken).Value;

    private static (IPaymentHistory History, byte[] File) Train()
    {
        var history = Shop.History();
        var options = new FraudModelOptions
        {
            Format = PaymentFormat.Commerce,
            Features = PaymentFormat.Commerce.Engine,
            DataName = "shop",
            Card = new ModelCard("Shop", "Tests.", "Anything else.", [], "nobody"),
        };
        return (history, FraudModelTrainer.Train(history, options, TimeProvider.System).Value.ToBytes());
    }

    private sealed class OtherAmount(IPaymentHistory history, int changed, long amountMinor) : IPaymentHistory
    {
        public int Count => changed + 1;

        public int FraudCount => history.FraudCount;

        public ImmutableArray<string> Categories => history.Categories;

        public bool IsFraud(int row) => history.IsFraud(row);

        public long Payer(int row) => history.Payer(row);

        public PaymentEvent Payment(int row)
        {
            var payment = history.Payment(row);
            return row != changed ? payment : new PaymentEvent
            {
                Id = payment.Id,
                TimeMs = payment.TimeMs,
                AmountMinor = amountMinor,
                Category = payment.Category,
                Place = payment.Place,
                Entities = payment.Entities,
            };
        }
    }
}
