using Tributary.Primitives.Amounts;

namespace Tributary.Primitives.Tests.Amounts;

public sealed class FeerateTests
{
    [Theory]
    [InlineData(1000, 141, 141)]
    [InlineData(1001, 141, 142)]
    [InlineData(0, 1_000_000, 0)]
    [InlineData(1, 1, 1)]
    public void A_fee_by_size_never_falls_below_the_rate(long rate, long size, long fee) =>
        Assert.Equal(fee, new FeeratePerKvB(rate).FeeFor(size).Value);

    [Fact]
    public void A_fee_by_weight_rounds_down_as_BOLT_3_does() =>
        Assert.Equal(253 * 1124 / 1000, new FeeratePerKw(253).FeeForWeight(1124).Value);

    [Fact]
    public void Conversion_keeps_a_floor_a_floor()
    {
        Assert.Equal(251, new FeeratePerKvB(1001).ToPerKw().Value);
        Assert.True(new FeeratePerKvB(1001).ToPerKw().ToPerKvB() >= new FeeratePerKvB(1001));
        Assert.Equal(int.MaxValue, new FeeratePerKvB(int.MaxValue).ToPerKw().ToPerKvB().Value);
    }

    [Fact]
    public void The_rate_of_a_fee_rounds_down() => Assert.Equal(992, FeeratePerKvB.Of(new Satoshis(140), 141).Value);

    [Fact]
    public void Negative_rates_do_not_exist()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeeratePerKvB(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FeeratePerKw(-1));
    }
}
