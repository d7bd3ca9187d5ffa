using Tributary.Intelligence.Explanations;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Tests.Training;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Explanations;

public sealed class OtherExplainerTests
{
    [Fact]
    public void A_logistic_regression_is_explained_by_its_terms()
    {
        var (x, y) = Tables.Mixed(2000, seed: 1);
        var model = LogisticTrainer.Train(x, y, new LogisticOptions { Knots = 3 }, cancellationToken: TestContext.Current.CancellationToken);
        var explainer = Explainer.For(model);
        var contributions = new double[x.Schema.Count];
        var totals = new double[x.Schema.Count];
        for (var row = 0; row < x.RowCount; row++)
        {
            var values = Tables.Row(x, row);
            Assert.Equal(model.RawScore(values), explainer.Explain(values, contributions) + contributions.Sum(), 10);
            for (var feature = 0; feature < totals.Length; feature++)
                totals[feature] += contributions[feature];
        }

        // Contributions count from the average row.
        Assert.All(totals, total => Assert.Equal(0, total, 1e-6));
    }

    [Fact]
    public void A_blend_is_explained_in_its_own_log_odds()
    {
        var (x, y) = Tables.Mixed(2000, seed: 2);
        var token = TestContext.Current.CancellationToken;
        var trees = GbdtTrainer.Train(x, y, new GbdtOptions { TreeCount = 30 }, cancellationToken: token);
        var forest = new GbdtModel(x.Schema, GbdtTrainer.Train(x, y, new GbdtOptions { Objective = Objective.SquaredError, TreeCount = 10 }, cancellationToken: token).Trees, .3, ScoreLink.Share);
        var logistic = LogisticTrainer.Train(x, y, new LogisticOptions(), cancellationToken: token);
        var calibrated = new CalibratedModel(trees, new PlattCalibration(.8, .1));
        var blend = new BlendedModel([trees, forest, logistic, calibrated], [.4, .2, .3, .1]);
        var explainer = Explainer.For(blend);
        var contributions = new double[x.Schema.Count];
        for (var row = 0; row < 200; row++)
        {
            var values = Tables.Row(x, row);
            Assert.Equal(Logistic.LogOdds(blend.Score(values)), explainer.Explain(values, contributions) + contributions.Sum(), 1e-9);
        }
    }

    [Fact]
    public void A_calibrated_model_is_explained_as_the_model_inside()
    {
        var (x, y) = Tables.Mixed(500, seed: 3);
        var trees = GbdtTrainer.Train(x, y, new GbdtOptions { TreeCount = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        var (a, b) = (new double[x.Schema.Count], new double[x.Schema.Count]);
        Explainer.For(trees).Explain(Tables.Row(x, 0), a);
        Explainer.For(new CalibratedModel(trees, new PlattCalibration(1, 1))).Explain(Tables.Row(x, 0), b);
        Assert.Equal(a, b);
    }
}
