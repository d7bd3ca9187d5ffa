using Tributary.Intelligence.Features;
using Tributary.Intelligence.Protocols.Handbook;

namespace Tributary.Intelligence.Tests.Protocols.Handbook;

public sealed class HandbookProtocolTests : IDisposable
{
    private static readonly HandbookOptions Options = new() { Folds = [new DateOnly(2018, 5, 8), new DateOnly(2018, 5, 12)], TrainDays = 21, TopCards = 10, Replicates = 20 };

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_better_than_chance_repeats_itself_and_ignores_the_scenario()
    {
        var csv = HandbookSimulator.Csv();
        var run = Run(csv, Options);
        Assert.Equal(2, run.Report.Folds.Length);
        Assert.InRange(run.Report.RocAuc.Estimate, .7, 1);
        Assert.InRange(run.Report.AveragePrecision.Estimate, .3, 1);
        Assert.True(run.Report.CardPrecision.Estimate <= run.Report.OracleCardPrecision);
        Assert.True(run.Report.AveragePrecision.Low <= run.Report.AveragePrecision.Estimate && run.Report.AveragePrecision.Estimate <= run.Report.AveragePrecision.High);

        var lines = csv.Split('\n');
        var other = string.Join('\n', lines.Select(static (line, i) => i == 0 || line.Length == 0 ? line : line[..line.LastIndexOf(',')] + ",7"));
        Assert.Equal(run.Folds[0].Scores.ToArray(), Run(other, Options).Folds[0].Scores.ToArray());
    }

    [Fact]
    public void Features_of_a_fold_are_those_that_a_store_which_crashed_and_was_restored_serves()
    {
        var run = Run(HandbookSimulator.Csv(), Options);
        var fold = run.Folds[0];
        var features = Options.Features;
        var store = new FeatureStore(features);
        var row = new float[features.Schema.Count];
        var expected = new float[row.Length];
        var compared = 0;
        for (var i = 0; i <= fold.Rows[^1]; i++)
        {
            if (i == fold.Rows[fold.Rows.Length / 2])
            {
                using var snapshot = new MemoryStream();
                store.SaveTo(snapshot);
                snapshot.Position = 0;
                store = FeatureStore.Restore(features, snapshot).Value;
            }

            var payment = run.Payments.Payment(i);
            Assert.True(store.Observe(payment, row).IsOk);
            if (run.Payments.IsFraud(i))
                Assert.True(store.Apply(payment, Outcome.Fraud).IsOk);
            var at = fold.Rows.AsSpan().BinarySearch(i);
            if (at < 0)
                continue;
            fold.Features.CopyRow(at, expected);
            Assert.Equal(expected, row);
            Assert.Equal(fold.Scores[at], fold.Model.Score(row));
            compared++;
        }

        Assert.Equal(fold.Rows.Length, compared);
    }

    [Fact]
    public void No_score_depends_on_an_outcome_that_was_not_known()
    {
        var csv = HandbookSimulator.Csv();
        var date = new DateOnly(2018, 5, 8);
        var options = Options with { Folds = [date] };
        var run = Run(csv, options);

        // Outcomes of payments from the label delay before the first test day on become the opposite: the model and the first test day's scores stay.
        var flipped = Run(
            string.Join('\n', csv.Split('\n').Select(line =>
            {
                var fields = line.Split(',');
                if (fields.Length < 9 || !DateTime.TryParse(fields[1], System.Globalization.CultureInfo.InvariantCulture, out var time) || DateOnly.FromDateTime(time) < date.AddDays(-6))
                    return line;
                fields[7] = fields[7] is "1" ? "0" : "1";
                return string.Join(',', fields);
            })),
            options);
        var firstDay = run.Folds[0].Rows.Count(row => run.Payments.DayNumber(row) == date.DayNumber);
        Assert.NotEqual(0, firstDay);
        Assert.Equal(run.Folds[0].Scores.Take(firstDay), flipped.Folds[0].Scores.Take(firstDay));
    }

    [Theory]
    [InlineData("2018-05-25", 21, "folds")]
    [InlineData("2018-04-20", 21, "folds")]
    [InlineData("9999-12-31", 21, "folds")]
    [InlineData("0001-01-01", 21, "folds")]
    [InlineData("2018-05-08", 0, "train-days")]
    public void Folds_that_the_file_does_not_hold_are_refused(string date, int trainDays, string field)
    {
        var options = Options with { Folds = [DateOnly.ParseExact(date, "yyyy-MM-dd", null)], TrainDays = trainDays };
        var result = HandbookProtocol.Run(_folder.Write(HandbookSimulator.Csv(customers: 20)), options, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(field, result.Error.Field);
    }

    [Fact]
    public void Without_folds_the_last_weeks_are_tested()
    {
        var run = Run(HandbookSimulator.Csv(), Options with { Folds = [], TrainDays = 14, Replicates = 1 });
        Assert.Equal(["2018-04-23", "2018-04-30", "2018-05-07", "2018-05-14"], run.Report.Folds.Select(static fold => $"{fold.Date:yyyy-MM-dd}"), StringComparer.Ordinal);
    }

    private HandbookRun Run(string csv, HandbookOptions options) =>
        HandbookProtocol.Run(_folder.Write(csv), options, TimeProvider.System, cancellationToken: TestContext.Current.CancellationToken).Value;
}
