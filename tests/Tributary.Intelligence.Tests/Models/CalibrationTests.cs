using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Models;

public sealed class CalibrationTests
{
    [Fact]
    public void Adjacent_violators_are_pooled()
    {
        // Rates by score 1, 0, ½ (tie), 1: the first three pool to 2/4.
        var map = IsotonicCalibration.Fit([.1, .2, .3, .3, .4], [1, 0, 1, 0, 1]);
        Assert.Equal([.1, .3, .4], map.Scores);
        Assert.Equal([.5, .5, 1], map.Probabilities);
        Assert.Equal(.5, map.Calibrate(.15));
        Assert.Equal(.75, map.Calibrate(.35), 12);
        Assert.Equal(.5, map.Calibrate(-3));
        Assert.Equal(1, map.Calibrate(7));
    }

    [Fact]
    public void Weights_count_as_copies()
    {
        var weighted = IsotonicCalibration.Fit([.1, .2, .3], [1, 0, 1], [1, 3, 1]);
        var copied = IsotonicCalibration.Fit([.1, .2, .2, .2, .3], [1, 0, 0, 0, 1]);
        Assert.Equal(copied.Probabilities, weighted.Probabilities);
    }

    [Fact]
    public void An_isotonic_map_never_falls_and_keeps_the_mean() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, byte size) =>
        {
            var (scores, labels) = Draw(seed, size + 1, slope: 1);
            var map = IsotonicCalibration.Fit(scores, labels);
            var sorted = scores.Order().Select(map.Calibrate).ToArray();
            return sorted.Zip(sorted.Skip(1)).All(pair => pair.First <= pair.Second)
                && Math.Abs(scores.Average(map.Calibrate) - labels.Average(label => (double)label)) < 1e-9;
        }));

    [Fact]
    public void A_platt_map_finds_the_slope_that_was_lost()
    {
        var (scores, labels) = Draw(1, 20_000, slope: .5);
        var map = PlattCalibration.Fit(scores, labels);
        Assert.Equal(.5, map.Slope, .05);
        Assert.Equal(0, map.Intercept, .05);
        var before = CalibrationCurve.Compute(scores, labels).ExpectedError;
        var after = CalibrationCurve.Compute([.. scores.Select(map.Calibrate)], labels).ExpectedError;
        Assert.True(after < before / 3, $"{before} {after}");
    }

    [Fact]
    public void A_platt_map_never_turns_the_order()
    {
        var (scores, labels) = Draw(2, 2000, slope: -1);
        var map = PlattCalibration.Fit(scores, labels);
        Assert.Equal(0, map.Slope);
        Assert.Equal(labels.Average(label => (double)label), map.Calibrate(.3), 6);
        Assert.InRange(PlattCalibration.Fit([.1, .9], [0, 1]).Calibrate(.9), .5, .9);
    }

    [Fact]
    public void Points_that_fall_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new IsotonicCalibration([.1, .2], [.5, .4]));
        Assert.Throws<ArgumentException>(() => new IsotonicCalibration([.2, .2], [.4, .5]));
        Assert.Throws<ArgumentException>(() => new IsotonicCalibration([], []));
        Assert.Throws<ArgumentException>(() => IsotonicCalibration.Fit([], []));
    }

    private static (double[] Scores, float[] Labels) Draw(ulong seed, int count, double slope)
    {
        var generator = new SeededGenerator(seed);
        var scores = new double[count];
        var labels = new float[count];
        for (var i = 0; i < count; i++)
        {
            scores[i] = Math.Round(Logistic.Probability(2 * generator.NextNormal()), 4);
            labels[i] = generator.NextDouble() < Logistic.Probability(slope * Logistic.LogOdds(scores[i])) ? 1 : 0;
        }

        return (scores, labels);
    }
}
