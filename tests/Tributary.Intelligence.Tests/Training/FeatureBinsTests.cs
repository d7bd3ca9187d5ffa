using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Training;

public sealed class FeatureBinsTests
{
    [Fact]
    public void Few_values_have_a_bin_each_and_the_bound_lies_between()
    {
        var bins = FeatureBins.Find([3, 1, 1, 2, float.NaN], FeatureKind.Numeric, 256);
        Assert.Equal([1.5f, 2.5f], bins.Bounds);
        Assert.Equal(4, bins.Count);
        Assert.Equal([0, 0, 1, 2, 3], new[] { -9, 1.5f, 2, 1e30f, float.NaN }.Select(value => (int)bins.BinOf(value)));
    }

    [Fact]
    public void A_value_that_fills_a_share_has_its_own_bin()
    {
        var values = Enumerable.Range(0, 10_000).Select(i => i % 2 == 0 ? 500.5f : i).ToArray();
        var bins = FeatureBins.Find(values, FeatureKind.Numeric, 17);
        Assert.InRange(bins.Count, 16, 17);
        var at = bins.BinOf(500.5f);
        Assert.True(bins.BinOf(499) < at);
        Assert.True(bins.BinOf(501) > at);
        var others = values.Where(value => value != 500.5f).GroupBy(value => bins.BinOf(value)).Select(group => group.Count()).ToArray();
        Assert.True(others.Max() < 700, $"{others.Max()}");
    }

    [Fact]
    public void Neighbouring_floats_are_told_apart()
    {
        var low = 1f;
        var high = MathF.BitIncrement(low);
        var bins = FeatureBins.Find([low, high], FeatureKind.Numeric, 256);
        Assert.NotEqual(bins.BinOf(low), bins.BinOf(high));
    }

    [Fact]
    public void Frequent_categories_have_a_bin_and_the_rest_share_one()
    {
        var bins = FeatureBins.Find([7, 7, 7, 65_535, 65_535, 3, 4, float.NaN], FeatureKind.Categorical, 4);
        Assert.Equal([7, 65_535], bins.Codes.Select(code => (int)code));
        Assert.Equal([0, 1, 2, 2, 2, 2, 3], new[] { 7, 65_535, 3, 8, -1, 7.5f, float.NaN }.Select(value => (int)bins.BinOf(value)));
    }

    [Fact]
    public void The_radix_sort_sorts()
    {
        var generator = new SeededGenerator(1);
        var values = Enumerable.Range(0, 5000).Select(_ => (float)(generator.NextNormal() * Math.Pow(10, generator.NextInt32(60) - 30))).ToArray();
        var keys = values.Select(FloatRadixSort.ToKey).ToArray();
        FloatRadixSort.Sort(keys, new uint[keys.Length]);
        Assert.Equal(values.Order(), keys.Select(FloatRadixSort.FromKey));
    }

    [Fact]
    public void A_bin_is_the_number_of_bounds_below_the_value() =>
        Check.QuickThrowOnFailure(Prop.ForAll((float[] values, float probe, byte size) =>
        {
            var bins = FeatureBins.Find(values, FeatureKind.Numeric, Math.Max(3, (int)size));
            var bin = bins.BinOf(probe);
            var ordered = bins.Bounds.Zip(bins.Bounds.Skip(1)).All(pair => pair.First < pair.Second);
            return ordered && bins.Count <= Math.Max(3, (int)size)
                && (float.IsNaN(probe) ? bin == bins.MissingBin : bin == bins.Bounds.Count(bound => bound < probe));
        }));
}
