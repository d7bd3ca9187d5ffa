using Tributary.Lightning.Features;

namespace Tributary.Lightning.Tests.Features;

public sealed class ChannelTypeTests
{
    public static TheoryData<ChannelType, string> Types => new()
    {
        { ChannelType.StaticRemoteKey, "1000" },
        { ChannelType.Anchors, "401000" },
        { ChannelType.Anchors with { ScidAlias = true }, "400000401000" },
        { ChannelType.Anchors with { ScidAlias = true, ZeroConf = true }, "04400000401000" },
        { ChannelType.StaticRemoteKey with { ZeroConf = true }, "04000000001000" },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void The_types_of_BOLT_2_are_read_and_written(ChannelType type, string hex)
    {
        Assert.Equal(hex, Convert.ToHexStringLower(type.ToFeatures().Span));
        Assert.Equal(type, ChannelType.Read(FeatureVector.Read(TestKeys.Bytes(hex))).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2000")]
    [InlineData("400000")]
    [InlineData("801000")]
    [InlineData("101000")]
    [InlineData("01401000")]
    public void Other_bits_are_refused(string hex) =>
        Assert.Equal("channel_type", ChannelType.Read(FeatureVector.Read(TestKeys.Bytes(hex))).Error.Field);
}
