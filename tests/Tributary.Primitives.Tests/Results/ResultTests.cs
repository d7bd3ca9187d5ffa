using Tributary.Primitives.Results;

namespace Tributary.Primitives.Tests.Results;

public sealed class ResultTests
{
    [Fact]
    public void Holds_a_value_or_an_error()
    {
        Result<int, Refusal> good = 7;
        Result<int, Refusal> bad = new Refusal("amount", "is negative");

        Assert.True(good.TryGet(out var value, out _));
        Assert.Equal(7, value);
        Assert.False(bad.TryGet(out _, out var refusal));
        Assert.Equal("amount: is negative", refusal.ToString());
        Assert.Throws<InvalidOperationException>(() => bad.Value);
        Assert.Throws<InvalidOperationException>(() => good.Error);
    }

    [Fact]
    public void Continues_only_with_a_value()
    {
        Result<int, Refusal> good = 7;
        Result<int, Refusal> bad = new Refusal("amount", "is negative");
        Assert.Equal("7", good.Then<string>(static n => n.ToString()).Value);
        Assert.Equal("amount", bad.Then<string>(static n => n.ToString()).Error.Field);
    }

    [Fact]
    public void A_default_instance_is_neither()
    {
        Result<int, Refusal> neither = default;
        Assert.False(neither.IsOk);
        Assert.Throws<InvalidOperationException>(() => neither.Value);
        Assert.Throws<InvalidOperationException>(() => neither.Error);
    }
}
