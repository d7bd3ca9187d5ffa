using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Tests.Evaluation;

public sealed class ProbabilityMetricsTests
{
    [Fact]
    public void Log_loss_is_the_mean_surprise() =>
        Assert.Equal(-(Math.Log(.8) + Math.Log(.6) + Math.Log(.25)) / 3, ProbabilityMetrics.LogLoss([.8, .4, .25], [1, 0, 1]), 14);

    [Fact]
    public void Log_loss_of_a_certain_mistake_is_finite() =>
        Assert.Equal(-Math.Log(ProbabilityMetrics.Epsilon), ProbabilityMetrics.LogLoss([0], [1]), 10);

    [Fact]
    public void Brier_score_is_the_mean_squared_distance() =>
        Assert.Equal(((.2 * .2) + (.4 * .4) + (.75 * .75)) / 3, ProbabilityMetrics.BrierScore([.8, .4, .25], [1, 0, 1]), 14);

    [Fact]
    public void Weights_count_as_copies()
    {
        Assert.Equal(ProbabilityMetrics.LogLoss([.8, .4, .4], [1, 0, 0]), ProbabilityMetrics.LogLoss([.8, .4], [1, 0], [1, 2]), 14);
        Assert.Equal(ProbabilityMetrics.BrierScore([.8, .4, .4], [1, 0, 0]), ProbabilityMetrics.BrierScore([.8, .4], [1, 0], [1, 2]), 14);
    }

    [Fact]
    public void Lengths_that_differ_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ProbabilityMetrics.LogLoss([.5], [1, 0]));
        Assert.Throws<ArgumentException>(() => ProbabilityMetrics.BrierScore([.5], [1], [1, 2]));
    }
}
