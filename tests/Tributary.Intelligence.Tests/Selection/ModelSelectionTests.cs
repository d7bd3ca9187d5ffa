using Tributary.Intelligence.Data;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Selection;
using Tributary.Intelligence.Tabular;
using Tributary.Intelligence.Tests.Training;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Selection;

public sealed class ModelSelectionTests
{
    private static readonly SelectionOptions Quick = new()
    {
        Folds = 4,
        Repetitions = 2,
        Candidates =
        [
            FittedCandidate.Logistic("logistic", new LogisticOptions { L2 = 5 }),
            new GbdtCandidate("boosting", new GbdtOptions { TreeCount = 80, MaxLeaves = 8, Threads = 1 }),
            FittedCandidate.Forest("forest", new ForestOptions { TreeCount = 20, Threads = 1 }),
        ],
    };

    [Fact]
    public void A_linear_truth_is_given_to_the_regression()
    {
        var (x, y) = Draw(1200, seed: 1, (a, b) => a - b);
        var result = Select(x, y, Quick);
        Assert.Equal(ModelFamily.Logistic, result.Chosen.Family);
        Assert.Equal(ModelFamily.Logistic, result.Plainest.Family);
        Assert.IsType<LogisticModel>(result.Model);
    }

    [Fact]
    public void A_truth_with_corners_is_given_to_the_trees()
    {
        var (x, y) = Draw(1200, seed: 2, (a, b) => a * b > 0 ? 1.5 : -1.5);
        var result = Select(x, y, Quick with { Blends = false });
        Assert.NotEqual(ModelFamily.Logistic, result.Chosen.Family);
        Assert.Equal(3, result.Candidates.Length);
        Assert.True(result.Candidates[0].Mean > result.Candidates[^1].Mean + .1);
    }

    [Fact]
    public void A_blend_wins_only_where_it_helps_and_says_of_what_it_is_made()
    {
        var (x, y) = Draw(2500, seed: 3, (a, b) => (2 * a) + (a * b > 0 ? 1.2 : -1.2));
        var result = Select(x, y, Quick with { Parsimony = Parsimony.None });
        var blend = Assert.Single(result.Candidates, candidate => candidate.Family == ModelFamily.Blend);
        Assert.Equal(1, blend.Parts.Sum(part => part.Weight), 12);
        Assert.InRange(blend.Parts.Length, 2, 3);
        if (result.Chosen.Family == ModelFamily.Blend)
            Assert.Equal(blend.Parts.Select(part => part.Weight), Assert.IsType<BlendedModel>(result.Model).Weights);
    }

    [Fact]
    public void Out_of_fold_scores_are_what_models_say_of_rows_they_have_not_seen()
    {
        // Labels without any signal: a model that had seen the rows would do better than chance.
        var generator = new SeededGenerator(4);
        var (x, _) = Draw(800, seed: 4, (a, b) => 0);
        var y = Enumerable.Range(0, 800).Select(_ => (float)generator.NextInt32(2)).ToArray();
        var result = Select(x, y, Quick with { Candidates = [Quick.Candidates[1]], Blends = false });
        Assert.InRange(new RankedOutcomes(result.OutOfFoldScores, y).RocAuc(), .42, .58);
        Assert.True(new RankedOutcomes(Tables.Scores(result.Model, x), y).RocAuc() > .6);
    }

    [Theory]
    [InlineData(SelectionMetric.RocAuc)]
    [InlineData(SelectionMetric.AveragePrecision)]
    [InlineData(SelectionMetric.NegativeLogLoss)]
    public void Every_metric_chooses_and_the_choice_is_repeatable(SelectionMetric metric)
    {
        var (x, y) = Draw(600, seed: 5, (a, b) => a + (b * b));
        var first = Select(x, y, Quick with { Metric = metric });
        var second = Select(x, y, Quick with { Metric = metric });
        Assert.Equal(first.Candidates.Select(candidate => candidate.Mean), second.Candidates.Select(candidate => candidate.Mean));
        Assert.Equal(Tables.Scores(first.Model, x), Tables.Scores(second.Model, x));
        Assert.Equal(first.Candidates.Max(candidate => candidate.Mean), first.Candidates[0].Mean);
    }

    [Fact]
    public void Too_few_rows_of_a_class_are_refused()
    {
        var (x, _) = Draw(20, seed: 6, (a, b) => 0);
        var y = new float[20];
        y[0] = 1;
        Assert.Throws<ArgumentException>(() => Select(x, y, Quick));
    }

    [Fact]
    public void Nested_folds_are_judged_by_models_that_were_chosen_without_them()
    {
        // A feature that is the label of the row, for no reason that holds elsewhere: chance on fresh rows.
        var generator = new SeededGenerator(7);
        var (x, _) = Draw(300, seed: 7, (a, b) => 0);
        var y = Enumerable.Range(0, 300).Select(_ => (float)generator.NextInt32(2)).ToArray();
        var table = new TabularTable("noise", x, y, [[], []], 0);
        var seen = new List<NestedFold>();
        var result = NestedCrossValidation.Run(
            table, Quick with { Repetitions = 1, Candidates = [Quick.Candidates[0], Quick.Candidates[1]] }, folds: 3, repetitions: 2, new Into(seen), TestContext.Current.CancellationToken);
        Assert.Equal(6, result.Folds.Length);
        Assert.Equal(result.Folds, seen);
        Assert.Equal(2, result.Repetitions);
        Assert.InRange(result.MeanRocAuc, .4, .6);
        Assert.InRange(result.StandardError, .005, .1);
        Assert.Equal(6, result.ChosenFamilies.Values.Sum());
        Assert.Equal(6, result.BestSingleFamilies.Values.Sum());
        Assert.DoesNotContain(ModelFamily.Blend, result.BestSingleFamilies.Keys);
        Assert.Contains("noise: 300 rows, 2 × 3 outer folds", NestedReport.ToText(result), StringComparison.Ordinal);
        var json = System.Text.Json.JsonDocument.Parse(NestedReport.ToJson(result)).RootElement;
        Assert.Equal(6, json.GetProperty("folds").GetArrayLength());
        Assert.Equal(43, json.GetProperty("folds")[5].GetProperty("seed").GetInt64());
        Assert.Equal(result.MeanRocAuc, json.GetProperty("roc_auc").GetDouble());
    }

    [Theory]
    [InlineData("german", "german.data.gz", .775)]
    [InlineData("telco", "ibm_telco_churn.csv.gz", .84)]
    [InlineData("credit_data", "credit_data.csv.gz", .835)]
    public void Public_tables_reach_what_is_known_of_them_on_one_fold(string format, string file, double least)
    {
        var path = PublicData.Find("credit", file);
        Assert.SkipWhen(path is null, $"{file} is not here: set TRIBUTARY_DATA.");
        var table = TabularReader.ReadFiles(TabularFormat.All.Single(known => known.Name.Equals(format, StringComparison.Ordinal)), path).Value;
        var result = Select(table.X, table.Y, new SelectionOptions
        {
            Repetitions = 1,
            Candidates =
            [
                FittedCandidate.Logistic("logistic", new LogisticOptions { L2 = 3, Knots = 7 }),
                new GbdtCandidate("boosting", new GbdtOptions { TreeCount = 100, MaxLeaves = 8, RowShare = .8, FeatureSharePerSplit = .5 }),
            ],
        });
        Assert.InRange(result.Candidates[0].Mean, least, 1);
        Assert.Equal(ModelFamily.Logistic, result.Plainest.Family);
    }

    private static SelectionResult Select(FeatureMatrix x, float[] y, SelectionOptions options) =>
        ModelSelection.Select(x, y, options, cancellationToken: TestContext.Current.CancellationToken);

    private static (FeatureMatrix X, float[] Y) Draw(int rows, ulong seed, Func<double, double, double> logOdds)
    {
        var generator = new SeededGenerator(seed);
        var columns = new[] { new float[rows], new float[rows] };
        var y = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            (columns[0][row], columns[1][row]) = ((float)generator.NextNormal(), (float)generator.NextNormal());
            y[row] = generator.NextDouble() < Logistic.Probability(logOdds(columns[0][row], columns[1][row])) ? 1 : 0;
        }

        return (new FeatureMatrix(FeatureSchema.Numeric("a", "b"), columns), y);
    }

    private sealed class Into(List<NestedFold> seen) : IProgress<NestedFold>
    {
        public void Report(NestedFold value) => seen.Add(value);
    }
}
