using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Tests.Wire;

public sealed class ShortChannelIdTests
{
    [Fact]
    public void The_example_of_BOLT_7_reads_and_writes()
    {
        Assert.True(ShortChannelId.TryParse("539268x845x1", out var id));
        Assert.Equal((539268u, 845u, (ushort)1), (id.BlockHeight, id.TransactionIndex, id.OutputIndex));
        Assert.Equal("539268x845x1", id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1x2")]
    [InlineData("1x2x3x4")]
    [InlineData("16777216x0x0")]
    [InlineData("0x16777216x0")]
    [InlineData("0x0x65536")]
    [InlineData("-1x0x0")]
    [InlineData("1 x0x0")]
    public void Other_text_is_refused(string text) => Assert.False(ShortChannelId.TryParse(text, out _));

    [Fact]
    public void Text_names_every_id() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong value) =>
            ShortChannelId.TryParse(new ShortChannelId(value).ToString(), out var id) && id.Value == value));
}
