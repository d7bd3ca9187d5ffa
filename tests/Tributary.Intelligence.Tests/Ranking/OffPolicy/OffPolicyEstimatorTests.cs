using Tributary.Intelligence.Ranking.OffPolicy;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Ranking.OffPolicy;

/// <summary>Synthetic logs whose true value is known: three kinds of shopper, four actions, a logging policy that prefers the wrong action.</summary>
public sealed class OffPolicyEstimatorTests
{
    private const int Actions = 4;
    private static readonly double[] ContextShares = [0.5, 0.3, 0.2];
    private static readonly double[][] Reward = [[0.1, 0.3, 0.5, 0.2], [0.6, 0.2, 0.1, 0.4], [0.3, 0.3, 0.7, 0.1]];
    private static readonly double[][] Logging = [[0.4, 0.3, 0.1, 0.2], [0.1, 0.5, 0.2, 0.2], [0.3, 0.3, 0.1, 0.3]];
    private static readonly double[][] Target = [[0.1, 0.1, 0.7, 0.1], [0.7, 0.1, 0.1, 0.1], [0.1, 0.1, 0.7, 0.1]];

    private static double TrueValue => Enumerable.Range(0, 3).Sum(x => ContextShares[x] * Enumerable.Range(0, Actions).Sum(a => Target[x][a] * Reward[x][a]));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_estimator_finds_the_known_value_within_its_error(int seed)
    {
        var (log, target, model) = Draw(seed, rows: 20_000, modelBias: 0);
        Near(OffPolicyEstimator.InversePropensity(log, target));
        Near(OffPolicyEstimator.SelfNormalized(log, target));
        Near(OffPolicyEstimator.DoublyRobust(log, target, model));

        // With the true model only the draw of contexts is left as noise.
        var direct = OffPolicyEstimator.DirectMethod(log, target, model);
        Near(direct);
        Assert.True(direct.StandardError < OffPolicyEstimator.InversePropensity(log, target).StandardError / 3);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Doubly_robust_survives_a_wrong_model_where_the_direct_method_does_not(int seed)
    {
        var (log, target, model) = Draw(seed, rows: 20_000, modelBias: 0.15);
        Near(OffPolicyEstimator.DoublyRobust(log, target, model));
        Assert.Equal(TrueValue + 0.15, OffPolicyEstimator.DirectMethod(log, target, model).Value, 0.01);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Doubly_robust_survives_wrong_propensities_when_the_model_is_right(int seed)
    {
        var (log, target, model) = Draw(seed, rows: 20_000, modelBias: 0, wrongPropensities: true);
        Near(OffPolicyEstimator.DoublyRobust(log, target, model));
        var weighted = OffPolicyEstimator.InversePropensity(log, target);
        Assert.True(Math.Abs(weighted.Value - TrueValue) > 5 * weighted.StandardError);
        Assert.True(Math.Abs(weighted.MeanWeight - 1) > 0.05);
    }

    [Fact]
    public void The_logging_policy_itself_has_the_mean_reward_as_value_and_every_row_counts()
    {
        var log = LoggedChoices.Create(2, [0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5], [1, 0, 1, 1]).Value;
        var estimate = OffPolicyEstimator.InversePropensity(log, new UniformPolicy(2));
        Assert.Equal(0.75, estimate.Value, 15);
        Assert.Equal(4, estimate.EffectiveRows, 12);
        Assert.Equal(1, estimate.MeanWeight, 15);

        // By hand: the deviations are .25, −.75, .25, .25, so the variance is .75 / 3 and the standard error √(.25 / 4).
        Assert.Equal(0.25, estimate.StandardError, 12);
        Assert.Equal(0.75, OffPolicyEstimator.SelfNormalized(log, new UniformPolicy(2)).Value, 15);
    }

    [Fact]
    public void A_target_that_never_does_what_was_logged_has_no_self_normalised_value()
    {
        var log = LoggedChoices.Create(2, [0, 0], [0.5, 0.5], [1, 1]).Value;
        var estimate = OffPolicyEstimator.SelfNormalized(log, new Always(1));
        Assert.Equal(double.PositiveInfinity, estimate.StandardError);
        Assert.Equal(0, estimate.EffectiveRows);
    }

    [Theory]
    [InlineData(0, 0.5, 1.0, true, "")]
    [InlineData(2, 0.5, 1.0, false, "rows[0].action")]
    [InlineData(-1, 0.5, 1.0, false, "rows[0].action")]
    [InlineData(0, 0.0, 1.0, false, "rows[0].propensity")]
    [InlineData(0, 1.5, 1.0, false, "rows[0].propensity")]
    [InlineData(0, double.NaN, 1.0, false, "rows[0].propensity")]
    [InlineData(0, 0.5, double.NaN, false, "rows[0].reward")]
    [InlineData(0, 0.5, double.PositiveInfinity, false, "rows[0].reward")]
    public void A_row_that_cannot_be_is_refused_with_its_place(int action, double propensity, double reward, bool taken, string field)
    {
        var result = LoggedChoices.Create(2, [action], [propensity], [reward]);
        Assert.Equal(taken, result.IsOk);
        if (!taken)
            Assert.Equal(field, result.Error.Field);
    }

    [Fact]
    public void Columns_of_different_length_and_empty_logs_are_refused()
    {
        Assert.False(LoggedChoices.Create(2, [0, 1], [0.5], [1, 1]).IsOk);
        Assert.False(LoggedChoices.Create(2, [], [], []).IsOk);
        Assert.False(LoggedChoices.Create(0, [0], [1], [1]).IsOk);
    }

    // Four standard errors: over all seeds and estimators the chance of a false alarm is below one in a thousand, and the seeds are fixed.
    private static void Near(OffPolicyEstimate estimate) => Assert.Equal(TrueValue, estimate.Value, 4 * estimate.StandardError);

    private static (LoggedChoices Log, ITargetPolicy Target, IRewardModel Model) Draw(int seed, int rows, double modelBias, bool wrongPropensities = false)
    {
        var variates = new Variates(new Xoshiro256((ulong)seed));
        var contexts = new int[rows];
        var actions = new int[rows];
        var propensities = new double[rows];
        var rewards = new double[rows];
        for (var row = 0; row < rows; row++)
        {
            contexts[row] = Pick(variates.NextUniform(), ContextShares);
            actions[row] = Pick(variates.NextUniform(), Logging[contexts[row]]);
            propensities[row] = wrongPropensities ? 0.25 : Logging[contexts[row]][actions[row]];
            rewards[row] = variates.NextUniform() < Reward[contexts[row]][actions[row]] ? 1 : 0;
        }

        return (LoggedChoices.Create(Actions, actions, propensities, rewards).Value, new ByContext(contexts), new Model(contexts, modelBias));
    }

    private static int Pick(double draw, double[] shares)
    {
        var index = 0;
        while (index < shares.Length - 1 && draw >= shares[index])
            draw -= shares[index++];
        return index;
    }

    private sealed class ByContext(int[] contexts) : ITargetPolicy
    {
        public double Probability(int row, int action) => Target[contexts[row]][action];
    }

    private sealed class Model(int[] contexts, double bias) : IRewardModel
    {
        public double Predict(int row, int action) => Reward[contexts[row]][action] + bias;
    }

    private sealed class Always(int chosen) : ITargetPolicy
    {
        public double Probability(int row, int action) => action == chosen ? 1 : 0;
    }
}
