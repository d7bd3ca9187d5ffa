using Tributary.Intelligence.Data;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Training;

public sealed class GbdtTrainerTests
{
    private static readonly GbdtOptions Few = new() { TreeCount = 20, Threads = 1 };

    [Fact]
    public void One_split_of_a_regression_is_the_two_means()
    {
        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [[1, 2, 3, 10, 11, 12]]);
        float[] y = [1, 2, 3, 7, 8, 9];
        var model = Train(x, y, new GbdtOptions
        {
            Objective = Objective.SquaredError,
            TreeCount = 1,
            MaxLeaves = 2,
            LearningRate = 1,
            L2 = 0,
            MinLeafRows = 1,
        });
        var node = Assert.Single(Assert.Single(model.Trees).Nodes);
        Assert.Equal(6.5f, node.Threshold);
        Assert.Equal([3, 3], model.Trees[0].LeafCovers);
        Assert.Equal(2, model.Score([3]), 6);
        Assert.Equal(8, model.Score([10]), 6);

        // ½ (3·3² + 3·3²): the squared error falls by half of that, as the loss is half the square.
        Assert.Equal(27, node.Gain, 4);
    }

    [Fact]
    public void One_split_of_a_classification_is_a_newton_step()
    {
        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [[0, 0, 0, 0, 1, 1, 1, 1]]);
        float[] y = [0, 0, 0, 1, 1, 1, 1, 0];
        var model = Train(x, y, new GbdtOptions { TreeCount = 1, MaxLeaves = 2, LearningRate = 1, L2 = 1, MinLeafRows = 1, MinChildWeight = .5 });

        // Base rate ½: gradients ±½, hessians ¼. Left: G = 3·½ − ½ = 1, H = 1, step −1 / (1 + 1).
        Assert.Equal(-.5, model.RawScore([0]), 6);
        Assert.Equal(.5, model.RawScore([1]), 6);
        Assert.Equal(1 / (1 + Math.Exp(.5)), model.Score([0]), 6);
    }

    [Fact]
    public void Trees_learn_what_the_labels_depend_on()
    {
        var (x, y) = Tables.Mixed(6000, seed: 1);
        var (fresh, truth) = Tables.Mixed(3000, seed: 2);
        var model = Train(x, y, new GbdtOptions { TreeCount = 100 });
        Assert.InRange(new RankedOutcomes(Tables.Scores(model, fresh), truth).RocAuc(), .80, 1);
        Assert.Equal(truth.Average(), Tables.Scores(model, fresh).Average(), .02);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(.7)]
    public void Any_number_of_threads_gives_the_same_model(double share)
    {
        var (x, y) = Tables.Mixed(60_000, seed: 3);
        var options = Few with { RowShare = share, FeatureShare = share, FeatureSharePerSplit = share, EarlyStopping = new EarlyStopping() };
        var one = Train(x, y, options with { Threads = 1 });
        foreach (var threads in new[] { 2, 3, 8 })
        {
            var many = Train(x, y, options with { Threads = threads });
            AssertSame(one, many);
        }
    }

    [Fact]
    public void The_seed_changes_the_sample()
    {
        var (x, y) = Tables.Mixed(2000, seed: 3);
        var options = Few with { RowShare = .5 };
        Assert.NotEqual(
            Tables.Scores(Train(x, y, options), x),
            Tables.Scores(Train(x, y, options with { Seed = 2 }), x));
    }

    [Fact]
    public void Monotone_constraints_hold_everywhere()
    {
        var (x, y) = Tables.Mixed(4000, seed: 4);
        var model = Train(x, y, Few with { Monotone = [1, -1, 0, 1, 0, 0], TreeCount = 60 });
        var generator = new SeededGenerator(1);
        for (var i = 0; i < 300; i++)
        {
            var row = Tables.Row(x, generator.NextInt32(x.RowCount));
            foreach (var (feature, sign) in new[] { (0, 1), (1, -1), (3, 1) })
            {
                var moved = (float[])row.Clone();
                var last = double.NaN;
                for (var value = -3f; value <= 3; value += .25f)
                {
                    moved[feature] = value;
                    var score = model.RawScore(moved);
                    Assert.False(sign * (score - last) < -1e-12, $"feature {feature} at {value}");
                    last = score;
                }
            }
        }
    }

    [Fact]
    public void A_constraint_costs_little_where_it_is_true()
    {
        var (x, y) = Tables.Mixed(6000, seed: 5);
        var (fresh, truth) = Tables.Mixed(3000, seed: 6);
        var free = Train(x, y, Few with { TreeCount = 60 });
        var bound = Train(x, y, Few with { TreeCount = 60, Monotone = [1, 0, 0, 1, 0, 0] });
        Assert.Equal(
            new RankedOutcomes(Tables.Scores(free, fresh), truth).RocAuc(),
            new RankedOutcomes(Tables.Scores(bound, fresh), truth).RocAuc(),
            .02);
    }

    [Fact]
    public void Missing_values_learn_their_own_direction()
    {
        // Missing means positive; low values do too.
        var column = new float[400];
        var y = new float[400];
        for (var row = 0; row < 400; row++)
        {
            column[row] = row % 4 == 0 ? float.NaN : row % 7;
            y[row] = row % 4 == 0 || row % 7 < 3 ? 1 : 0;
        }

        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [column]);
        var model = Train(x, y, Few with { TreeCount = 50 });
        Assert.True(model.Score([float.NaN]) > .9);
        Assert.True(model.Score([1]) > .9);
        Assert.True(model.Score([5]) < .1);
    }

    [Fact]
    public void A_value_missing_for_the_first_time_goes_with_most_rows()
    {
        var column = Enumerable.Range(0, 100).Select(i => (float)i).ToArray();
        var y = column.Select(value => value < 30 ? 1f : 0f).ToArray();
        var model = Train(new FeatureMatrix(FeatureSchema.Numeric("a"), [column]), y, Few);
        Assert.Equal(model.Score([90]), model.Score([float.NaN]));
    }

    [Fact]
    public void Infinities_count_as_the_largest_finite_values()
    {
        var (x, y) = Tables.Mixed(2000, seed: 7);
        var columns = Enumerable.Range(0, 6).Select(feature => x.Column(feature).ToArray()).ToArray();
        columns[0][5] = float.PositiveInfinity;
        columns[0][6] = float.NegativeInfinity;
        var model = Train(new FeatureMatrix(x.Schema, columns), y, Few);
        var row = Tables.Row(x, 0);
        foreach (var (infinite, finite) in new[] { (float.PositiveInfinity, float.MaxValue), (float.NegativeInfinity, float.MinValue) })
        {
            var (a, b) = ((float[])row.Clone(), (float[])row.Clone());
            a[0] = infinite;
            b[0] = finite;
            Assert.Equal(model.Score(b), model.Score(a));
            Assert.True(double.IsFinite(model.Score(a)));
        }
    }

    [Fact]
    public void Categories_are_parted_by_what_they_do_not_by_their_code()
    {
        var column = Enumerable.Range(0, 3000).Select(i => (float)(i % 30 * 1000)).ToArray();
        var y = column.Select(code => (int)(code / 1000) % 2 == 0 ? 1f : 0f).ToArray();
        var schema = new FeatureSchema(["category"], [FeatureKind.Categorical]);
        var model = Train(new FeatureMatrix(schema, [column]), y, Few with { TreeCount = 40, MaxLeaves = 2, CategoryL2Rows = 0 });
        for (var code = 0; code < 30; code++)
            Assert.Equal(code % 2 == 0, model.Score([code * 1000]) > .9);
    }

    [Fact]
    public void A_category_never_seen_gets_a_score_and_it_is_that_of_no_code()
    {
        var (x, y) = Tables.Mixed(3000, seed: 8);
        var model = Train(x, y, Few);
        var row = Tables.Row(x, 0);
        var scores = new[] { 40_000f, 77, -1, 2.5f, float.PositiveInfinity }.Select(code =>
        {
            row[4] = code;
            return model.Score(row);
        }).ToArray();
        Assert.All(scores, score => Assert.Equal(scores[0], score));
        Assert.InRange(scores[0], 0, 1);
    }

    [Fact]
    public void Leaves_have_the_rows_that_the_options_ask_for()
    {
        var (x, y) = Tables.Mixed(5000, seed: 9, positiveLogOdds: -6);
        foreach (var model in new[] { Few with { MinLeafRows = 37 }, Few with { MinLeafRows = 37, RowShare = .5 } }.Select(options => Train(x, y, options)))
            Assert.All(model.Trees.SelectMany(tree => tree.LeafCovers), cover => Assert.True(cover >= 37));
        var deep = Train(x, y, Few with { MaxDepth = 2 });
        Assert.All(deep.Trees, tree => Assert.InRange(tree.LeafValues.Length, 1, 4));
        Assert.All(Train(x, y, Few with { MaxLeaves = 5 }).Trees, tree => Assert.InRange(tree.LeafValues.Length, 1, 5));
    }

    [Fact]
    public void Covers_and_leaf_membership_agree()
    {
        var (x, y) = Tables.Mixed(5000, seed: 10);
        var model = Train(x, y, Few);
        foreach (var tree in model.Trees)
        {
            var counts = new double[tree.LeafValues.Length];
            for (var row = 0; row < x.RowCount; row++)
                counts[tree.LeafOf(Tables.Row(x, row))]++;
            Assert.Equal(tree.LeafCovers, counts);
        }
    }

    [Fact]
    public void Weights_count_as_copies()
    {
        // Few distinct values, so that the copies do not move the bins.
        var (mixed, y) = Tables.Mixed(1000, seed: 11);
        float[][] columns = [[.. mixed.Column(0).ToArray().Select(value => MathF.Round(value, 1))], mixed.Column(3).ToArray()];
        var x = new FeatureMatrix(FeatureSchema.Numeric("a", "steps"), columns);
        var weights = y.Select((_, row) => (float)(1 + (row % 3))).ToArray();
        var copies = Enumerable.Range(0, 1000).SelectMany(row => Enumerable.Repeat(row, 1 + (row % 3))).ToArray();
        var options = Few with { MinLeafRows = 1, MinChildWeight = 5, TreeCount = 5, MaxLeaves = 4 };
        var weighted = Train(x, y, options, weights);
        var copied = Train(x.Select(copies), copies.Select(row => y[row]).ToArray(), options);
        foreach (var (a, b) in Tables.Scores(weighted, x).Zip(Tables.Scores(copied, x)))
            Assert.Equal(b, a, 1e-6);
    }

    [Fact]
    public void Class_weights_raise_the_scores()
    {
        var (x, y) = Tables.Mixed(4000, seed: 12, positiveLogOdds: -4);
        Assert.InRange(Tables.Scores(Train(x, y, Few with { BalanceClasses = true }), x).Average(), .25, .6);
        Assert.True(Tables.Scores(Train(x, y, Few with { PositiveWeight = 5 }), x).Average() > 2 * y.Average());
    }

    [Fact]
    public void Rare_positives_do_not_make_scores_explode()
    {
        // Eight positives in a thousand, and no signal at all: an unstable learner moves far from the base rate.
        var generator = new SeededGenerator(13);
        var columns = Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, 20_000).Select(_ => (float)generator.NextNormal()).ToArray()).ToArray();
        var y = Enumerable.Range(0, 20_000).Select(_ => generator.NextDouble() < .008 ? 1f : 0f).ToArray();
        var x = new FeatureMatrix(FeatureSchema.Numeric("a", "b", "c", "d", "e"), columns);
        var scores = Tables.Scores(Train(x, y, new GbdtOptions { TreeCount = 100 }), x);
        Assert.Equal(y.Average(), scores.Average(), .002);
        var stopped = Tables.Scores(Train(x, y, new GbdtOptions { TreeCount = 100, EarlyStopping = new EarlyStopping() }), x);
        Assert.InRange(stopped.Max(), 0, .1);
    }

    [Fact]
    public void Early_stopping_keeps_the_best_round()
    {
        var (x, y) = Tables.Mixed(3000, seed: 14);
        foreach (var metric in Enum.GetValues<StoppingMetric>())
        {
            var reports = new Reports();
            var options = Few with { TreeCount = 400, EarlyStopping = new EarlyStopping { Rounds = 10, Metric = metric } };
            var model = GbdtTrainer.Train(x, y, options, progress: reports, cancellationToken: TestContext.Current.CancellationToken);
            Assert.InRange(model.Trees.Length, 5, 300);
            Assert.Equal(model.Trees.Length + 10, reports.Seen.Count);
            var best = metric == StoppingMetric.Loss ? reports.Seen.Min(report => report.Metric) : reports.Seen.Max(report => report.Metric);
            Assert.Equal(best, reports.Seen[model.Trees.Length - 1].Metric);
        }
    }

    [Fact]
    public void Early_stopping_can_hold_out_the_future()
    {
        // The rule turns over in the last fifth of the rows: what is learnt before it does not help there.
        var generator = new SeededGenerator(15);
        var column = Enumerable.Range(0, 2000).Select(_ => (float)generator.NextNormal()).ToArray();
        var y = column.Select((value, row) => (value > 0) == row < 1600 ? 1f : 0f).ToArray();
        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [column]);
        var stopping = new EarlyStopping { HoldOutShare = .2, HoldOutLast = true };
        Assert.Empty(Train(x, y, Few with { EarlyStopping = stopping }).Trees);
        Assert.NotEmpty(Train(x, y, Few with { EarlyStopping = stopping with { HoldOutLast = false } }).Trees);
    }

    [Fact]
    public void A_regression_with_an_outlier_still_fits_the_rest()
    {
        var generator = new SeededGenerator(16);
        var column = Enumerable.Range(0, 3000).Select(_ => (float)generator.NextDouble()).ToArray();
        var y = column.Select(value => value > .5f ? 2f : 1f).ToArray();
        y[17] = 1e6f;
        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [column]);
        var model = Train(x, y, new GbdtOptions { Objective = Objective.SquaredError, TreeCount = 300, LearningRate = .3, MaxLeafStep = 0, MinLeafRows = 1 });
        var far = Math.Abs(column[17] - .25f) < .05f ? .4f : .25f;
        Assert.Equal(1, model.Score([far]), .2);
        Assert.Equal(2, model.Score([far + .5f]), .2);
    }

    [Fact]
    public void Labels_of_one_class_give_a_constant()
    {
        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [[1, 2, 3, 4]]);
        var model = Train(x, [0, 0, 0, 0], Few with { MinLeafRows = 1 });
        Assert.InRange(model.Score([2]), 0, 1e-6);
    }

    [Fact]
    public void Input_that_cannot_be_learnt_from_is_refused()
    {
        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [[1, 2]]);
        Assert.Throws<ArgumentException>(() => Train(x, [0, 2], Few));
        Assert.Throws<ArgumentException>(() => Train(x, [0], Few));
        Assert.Throws<ArgumentException>(() => Train(x, [0, 1], Few, [1, float.NaN]));
        Assert.Throws<ArgumentException>(() => Train(x, [0, 1], Few, [0, 0]));
        Assert.Throws<ArgumentException>(() => Train(x, [0, 1], Few with { MaxBins = 257 }));
        Assert.Throws<ArgumentException>(() => Train(x, [0, float.PositiveInfinity], Few with { Objective = Objective.SquaredError }));
        Assert.Throws<ArgumentException>(() => Train(new FeatureMatrix(FeatureSchema.Numeric("a"), [[]]), [], Few));
    }

    [Fact]
    public void Training_ends_when_it_is_cancelled()
    {
        var (x, y) = Tables.Mixed(200, seed: 1);
        Assert.Throws<OperationCanceledException>(() => GbdtTrainer.Train(x, y, Few, cancellationToken: new CancellationToken(canceled: true)));
    }

    private static GbdtModel Train(FeatureMatrix x, float[] y, GbdtOptions options, float[]? weights = null) =>
        GbdtTrainer.Train(x, y, options, weights, cancellationToken: TestContext.Current.CancellationToken);

    private static void AssertSame(GbdtModel expected, GbdtModel actual)
    {
        Assert.Equal(expected.BaseScore, actual.BaseScore);
        Assert.Equal(expected.Trees.Length, actual.Trees.Length);
        foreach (var (a, b) in expected.Trees.Zip(actual.Trees))
        {
            Assert.Equal(a.Nodes, b.Nodes);
            Assert.Equal(a.LeafValues, b.LeafValues);
            Assert.Equal(a.LeafCovers, b.LeafCovers);
        }
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value) => Seen.Add(value);
    }
}
