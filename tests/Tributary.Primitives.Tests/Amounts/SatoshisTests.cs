using FsCheck;
using FsCheck.Fluent;
using Tributary.Primitives.Amounts;

namespace Tributary.Primitives.Tests.Amounts;

public sealed class SatoshisTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 100_000_000)]
    [InlineData("0.00000001", 1)]
    [InlineData("0.1", 10_000_000)]
    [InlineData("20999999.99999999", 2_099_999_999_999_999)]
    [InlineData("99999999", 9_999_999_900_000_000)]
    public void Reads_bitcoin_amounts(string text, long expected)
    {
        Assert.True(Satoshis.TryParseBitcoin(text, out var amount));
        Assert.Equal(expected, amount.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1e3")]
    [InlineData("0.000000001")]
    [InlineData("123456789")]
    [InlineData(" 1")]
    [InlineData("1.0٣")]
    public void Refuses_what_is_no_plain_amount(string text) => Assert.False(Satoshis.TryParseBitcoin(text, out _));

    [Fact]
    public void What_is_written_reads_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((long value) =>
        {
            var amount = new Satoshis(value % Satoshis.MaxMoney.Value);
            var text = amount.ToBitcoinString();
            return amount.Value < 0
                ? text.StartsWith('-')
                : Satoshis.TryParseBitcoin(text, out var back) && back == amount;
        }));

    [Fact]
    public void Arithmetic_is_checked()
    {
        var most = new Satoshis(long.MaxValue);
        Assert.Throws<OverflowException>(() => most + new Satoshis(1));
        Assert.Throws<OverflowException>(() => -new Satoshis(long.MinValue));
        Assert.Throws<OverflowException>(() => most.ToMilliSatoshis());
        Assert.False(most.TryAdd(new Satoshis(1), out _));
        Assert.True(most.TryAdd(new Satoshis(-1), out var sum));
        Assert.Equal(long.MaxValue - 1, sum.Value);
    }

    [Fact]
    public void Rounding_of_millisatoshis_has_a_direction() =>
        Check.QuickThrowOnFailure(Prop.ForAll((int value) =>
        {
            var amount = new MilliSatoshis(value);
            var floor = amount.FloorToSatoshis().ToMilliSatoshis();
            var ceiling = amount.CeilingToSatoshis().ToMilliSatoshis();
            return floor <= amount && amount <= ceiling && ceiling.Value - floor.Value is 0 or 1000;
        }));
}
