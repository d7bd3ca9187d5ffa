using FsCheck;
using FsCheck.Fluent;
using Tributary.Primitives.Bytes;

namespace Tributary.Primitives.Tests.Bytes;

public sealed class Bytes32Tests
{
    private const string Genesis = "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f";

    [Fact]
    public void Reads_and_writes_both_orders()
    {
        Assert.True(Bytes32.TryParseReversed(Genesis, out var value));
        Assert.Equal(Genesis, value.ToReversedHex());
        Assert.Equal(0x6f, value.Span[0]);
        Assert.True(Bytes32.TryParse(value.ToString(), out var back));
        Assert.True(value == back && value.GetHashCode() == back.GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26g")]
    [InlineData("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f00")]
    public void Refuses_other_text(string hex)
    {
        Assert.False(Bytes32.TryParse(hex, out _));
        Assert.False(Bytes32.TryParseReversed(hex, out _));
    }

    [Fact]
    public void Refuses_other_lengths() => Assert.Throws<ArgumentException>(() => new Bytes32(new byte[31]));

    [Fact]
    public void Orders_as_the_bytes_do() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte a, byte b, byte place) =>
        {
            var left = new byte[32];
            var right = new byte[32];
            left[place % 32] = a;
            right[place % 32] = b;
            return new Bytes32(left).CompareTo(new Bytes32(right)) is var order && Math.Sign(order) == Math.Sign(a - b);
        }));
}
