using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Features;

namespace Tributary.Lightning.Tests.Features;

public sealed class FeatureVectorTests
{
    [Theory]
    [InlineData(0, "01")]
    [InlineData(7, "80")]
    [InlineData(8, "0100")]
    [InlineData(22, "400000")]
    public void Bits_stand_where_BOLT_9_says(int bit, string hex)
    {
        var features = FeatureVector.OfBits(bit);
        Assert.Equal(hex, Convert.ToHexStringLower(features.Span));
        Assert.True(features.IsSet(bit));
    }

    [Fact]
    public void Bits_that_are_set_are_found_and_others_not() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] bits, byte other) =>
        {
            var features = FeatureVector.OfBits([.. bits.Select(static bit => (int)bit)]);
            Assert.All(bits, bit => Assert.True(features.IsSet(bit)));
            Assert.Equal(bits.Contains(other), features.IsSet(other));
            Assert.Equal(features, FeatureVector.Read([0, .. features.Span]));
            Assert.Equal(features.GetHashCode(), FeatureVector.Read([0, .. features.Span]).GetHashCode());
        }));

    [Fact]
    public void The_odd_bit_offers_and_the_even_bit_requires()
    {
        var features = FeatureVector.Empty.Offering(Feature.ScidAlias).Requiring(Feature.StaticRemoteKey);
        Assert.True(features.Supports(Feature.ScidAlias) && !features.Requires(Feature.ScidAlias));
        Assert.True(features.Supports(Feature.StaticRemoteKey) && features.Requires(Feature.StaticRemoteKey));
        Assert.Equal("12 47", features.ToString());
    }

    [Fact]
    public void An_unknown_even_bit_is_found_and_an_unknown_odd_one_is_not()
    {
        Assert.True(FeatureVector.OfBits(12, 100).TryFindUnknownRequired(out var bit));
        Assert.Equal(100, bit);
        Assert.False(FeatureVector.OfBits(12, 101, 253).TryFindUnknownRequired(out _));
    }

    [Fact]
    public void A_feature_without_what_it_stands_on_is_found()
    {
        Assert.True(FeatureVector.Empty.Offering(Feature.ZeroConf).TryFindMissingDependency(out var feature, out var needs));
        Assert.Equal((Feature.ZeroConf, Feature.ScidAlias), (feature, needs));
        Assert.False(FeatureVector.Empty.Offering(Feature.ZeroConf, Feature.ScidAlias).TryFindMissingDependency(out _, out _));
    }

    [Fact]
    public void What_every_node_has_need_not_be_named() =>
        Assert.False(FeatureVector.Empty.Offering(Feature.BasicMultiPart, Feature.AnchorsZeroFeeHtlc).TryFindMissingDependency(out _, out _));

    [Fact]
    public void A_feature_is_negotiated_when_both_offer_it_or_we_require_it()
    {
        var none = FeatureVector.Empty;
        var offers = none.Offering(Feature.Quiescence);
        var requires = none.Requiring(Feature.Quiescence);
        Assert.True(offers.IsNegotiated(Feature.Quiescence, offers));
        Assert.True(offers.IsNegotiated(Feature.Quiescence, requires));
        Assert.True(requires.IsNegotiated(Feature.Quiescence, none));
        Assert.False(offers.IsNegotiated(Feature.Quiescence, none));
        Assert.False(none.IsNegotiated(Feature.Quiescence, requires));
    }
}
