using Tributary.Intelligence.Data;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Training;

public sealed class LogisticTrainerTests
{
    private static readonly LogisticOptions Free = new() { L2 = 0 };

    [Fact]
    public void Categories_alone_reproduce_their_rates()
    {
        var schema = new FeatureSchema(["category"], [FeatureKind.Categorical]);
        var model = Train(new FeatureMatrix(schema, [[0, 0, 0, 0, 9, 9, 9, 9, float.NaN, float.NaN]]), [1, 0, 0, 0, 1, 1, 1, 0, 1, 0], Free);
        Assert.Equal(.25, model.Score([0]), 6);
        Assert.Equal(.75, model.Score([9]), 6);
        Assert.Equal(.5, model.Score([float.NaN]), 6);
    }

    [Fact]
    public void The_gradient_is_zero_at_the_solution()
    {
        // Score equations: with an intercept, Σ (p − y) = 0; with a feature, Σ (p − y) x = 0.
        var (x, y) = Numeric(500, seed: 1);
        var model = Train(x, y, Free);
        double sum = 0, moment = 0;
        for (var row = 0; row < y.Length; row++)
        {
            var residual = model.Score(Tables.Row(x, row)) - y[row];
            sum += residual;
            moment += residual * x.Column(1)[row];
        }

        Assert.Equal(0, sum, 1e-6);
        Assert.Equal(0, moment, 1e-6);
    }

    [Fact]
    public void Known_coefficients_are_found()
    {
        var (x, y) = Numeric(40_000, seed: 2);
        var model = Train(x, y, Free);
        var terms = model.Terms.Cast<NumericTerm>().ToArray();
        Assert.Equal(1, terms[0].Slope, .05);
        Assert.Equal(-.02, terms[1].Slope, .001);
        Assert.Equal(0, terms[2].Slope, .05);
    }

    [Fact]
    public void A_ridge_shrinks_and_a_lasso_sets_to_zero()
    {
        var (x, y) = Numeric(1000, seed: 3);
        double[] Slopes(LogisticOptions options) => [.. Train(x, y, options).Terms.Cast<NumericTerm>().Select(term => term.Slope)];
        var free = Slopes(Free);
        var ridge = Slopes(new LogisticOptions { L2 = 500 });
        var lasso = Slopes(new LogisticOptions { L2 = 0, L1 = 40 });
        Assert.InRange(ridge[0], 0, .8 * free[0]);
        Assert.Equal(0, lasso[2]);
        Assert.InRange(lasso[0], .2, free[0]);
    }

    [Fact]
    public void A_lasso_without_weight_is_no_lasso()
    {
        var (x, y) = Numeric(500, seed: 4);
        var plain = Train(x, y, new LogisticOptions { L2 = 1 });
        var tiny = Train(x, y, new LogisticOptions { L2 = 1, L1 = 1e-9 });
        Assert.Equal(plain.RawScore([1, 20, 3]), tiny.RawScore([1, 20, 3]), 5);
    }

    [Fact]
    public void Classes_that_part_perfectly_still_give_a_finite_model()
    {
        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [[1, 2, 3, 4]]);
        Assert.InRange(Train(x, [0, 0, 1, 1], new LogisticOptions { L2 = .01 }).Score([4]), .9, 1);
        Assert.True(double.IsFinite(Train(x, [0, 0, 1, 1], Free).RawScore([4])));
        Assert.InRange(Train(x, [0, 0, 0, 0], new LogisticOptions()).Score([4]), 0, .01);
    }

    [Fact]
    public void Knots_bend_the_line()
    {
        var generator = new SeededGenerator(5);
        var column = Enumerable.Range(0, 6000).Select(_ => (float)((generator.NextDouble() * 4) - 2)).ToArray();
        var y = column.Select(value => generator.NextDouble() < 1 / (1 + Math.Exp(2 - (2 * Math.Abs(value)))) ? 1f : 0f).ToArray();
        var x = new FeatureMatrix(FeatureSchema.Numeric("a"), [column]);
        double Auc(int knots) => new RankedOutcomes(Tables.Scores(Train(x, y, new LogisticOptions { Knots = knots }), x), y).RocAuc();
        Assert.InRange(Auc(0), .4, .6);
        Assert.InRange(Auc(5), .75, 1);
    }

    [Fact]
    public void Values_outside_the_range_count_as_its_end()
    {
        var (x, y) = Numeric(200, seed: 6);
        var model = Train(x, y, new LogisticOptions { Knots = 3 });
        var greatest = x.Column(0).ToArray().Max();
        Assert.Equal(model.Score([greatest, 0, 0]), model.Score([float.PositiveInfinity, 0, 0]));
        Assert.True(double.IsFinite(model.RawScore([float.NegativeInfinity, float.MaxValue, float.NaN])));
    }

    [Fact]
    public void Missing_and_unseen_values_have_a_meaning()
    {
        var (x, y) = Tables.Mixed(4000, seed: 7);
        var model = Train(x, y, new LogisticOptions());
        var row = Tables.Row(x, 0);

        // Missing in "gaps" was positive in training.
        (row[5], var present) = (0, 0.0);
        present = model.RawScore(row);
        row[5] = float.NaN;
        Assert.Equal(1, model.RawScore(row) - present, .35);

        // Never missing in training: the feature says nothing.
        row[0] = float.NaN;
        var nothing = model.RawScore(row);
        row[0] = (float)((NumericTerm)model.Terms[0]).Centre;
        Assert.Equal(nothing, model.RawScore(row), 5);

        // Unseen codes and values that are no code share the coefficient of the rest.
        var scores = new[] { 500f, -3, 1.5f }.Select(code =>
        {
            row[4] = code;
            return model.Score(row);
        }).ToArray();
        Assert.Equal(scores[0], scores[1]);
        Assert.Equal(scores[0], scores[2]);
    }

    [Fact]
    public void Weights_count_as_copies()
    {
        var (x, y) = Numeric(300, seed: 8);
        var weights = y.Select((_, row) => (float)(row % 3)).ToArray();
        var copies = Enumerable.Range(0, 300).SelectMany(row => Enumerable.Repeat(row, row % 3)).ToArray();
        var weighted = Train(x, y, Free, weights);
        var copied = Train(x.Select(copies), copies.Select(row => y[row]).ToArray(), Free);
        Assert.Equal(copied.RawScore([.5f, 20, .1f]), weighted.RawScore([.5f, 20, .1f]), 5);
    }

    [Fact]
    public void Too_many_columns_are_refused()
    {
        var column = Enumerable.Range(0, 10_000).Select(code => (float)code).ToArray();
        var x = new FeatureMatrix(new FeatureSchema(["c"], [FeatureKind.Categorical]), [column]);
        Assert.Throws<ArgumentException>(() => Train(x, new float[10_000], new LogisticOptions { MaxCategories = 20_000 }));
        Assert.Throws<ArgumentException>(() => Train(x, new float[10_000], new LogisticOptions { L2 = -1 }));
    }

    private static LogisticModel Train(FeatureMatrix x, float[] y, LogisticOptions options, float[]? weights = null) =>
        LogisticTrainer.Train(x, y, options, weights, TestContext.Current.CancellationToken);

    /// <summary>Log-odds −0.5 + a − 0.02 b, and c that does not matter.</summary>
    private static (FeatureMatrix X, float[] Y) Numeric(int rows, ulong seed)
    {
        var generator = new SeededGenerator(seed);
        var columns = new[] { new float[rows], new float[rows], new float[rows] };
        var y = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            (columns[0][row], columns[1][row], columns[2][row]) =
                ((float)generator.NextNormal(), (float)(20 + (50 * generator.NextNormal())), (float)generator.NextNormal());
            y[row] = generator.NextDouble() < Logistic.Probability(-.5 + columns[0][row] - (.02 * columns[1][row])) ? 1 : 0;
        }

        return (new FeatureMatrix(FeatureSchema.Numeric("a", "b", "c"), columns), y);
    }
}
