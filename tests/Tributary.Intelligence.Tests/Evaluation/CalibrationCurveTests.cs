using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Tests.Evaluation;

public sealed class CalibrationCurveTests
{
    [Fact]
    public void Bins_hold_equal_shares_of_the_rows()
    {
        var curve = CalibrationCurve.Compute([.4, .1, .3, .2], [1, 0, 1, 0], binCount: 2);
        Assert.Equal(2, curve.Bins.Length);
        Assert.Equal(2, curve.Bins[0].Count);
        Assert.Equal(.15, curve.Bins[0].MeanProbability, 12);
        Assert.Equal(0, curve.Bins[0].ObservedRate);
        Assert.Equal(.35, curve.Bins[1].MeanProbability, 12);
        Assert.Equal(1, curve.Bins[1].ObservedRate);
        Assert.Equal((.3 + 1.3) / 4, curve.ExpectedError, 12);
    }

    [Fact]
    public void Equal_probabilities_stay_in_one_bin()
    {
        var curve = CalibrationCurve.Compute([.2, .2, .2, .2, .9], [1, 0, 0, 0, 1], binCount: 5);
        Assert.Equal(2, curve.Bins.Length);
        Assert.Equal(4, curve.Bins[0].Count);
        Assert.Equal(.25, curve.Bins[0].ObservedRate);
        Assert.Equal(.9, curve.Bins[1].LeastProbability);
        Assert.Equal(((.05 * 4) + .1) / 5, curve.ExpectedError, 12);
    }

    [Fact]
    public void Every_row_is_counted_once()
    {
        var probabilities = Enumerable.Range(0, 97).Select(i => (i * 37 % 97) / 97.0).ToArray();
        var curve = CalibrationCurve.Compute(probabilities, new float[97]);
        Assert.Equal(10, curve.Bins.Length);
        Assert.Equal(97, curve.Bins.Sum(bin => bin.Count));
    }
}
