using Tributary.Payments.Intents;
using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Tests.Greenfield.Frame;

public sealed class MethodIdsTests
{
    [Theory]
    [InlineData("BTC-LN", "BTC-LN")]
    [InlineData("BTC_LN", "BTC-LN")]
    [InlineData("BTC-LightningNetwork", "BTC-LN")]
    [InlineData("BTC_LightningLike", "BTC-LN")]
    [InlineData("btc-lightninglike", "BTC-LN")]
    [InlineData("BTC", "BTC-CHAIN")]
    [InlineData("BTC-OnChain", "BTC-CHAIN")]
    [InlineData("BTC-CHAIN", "BTC-CHAIN")]
    [InlineData("BTC-LNURL", "BTC-LNURL")]
    [InlineData("BTC_LNURLPAY", "BTC-LNURL")]
    [InlineData("LTC", null)]
    [InlineData("BTC-", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Every_spelling_is_read(string? text, string? id) => Assert.Equal(id, MethodIds.Normalise(text));

    [Fact]
    public void Each_rail_of_bitcoin_has_a_name_and_is_found_by_it()
    {
        foreach (var rail in (RailKind[])[RailKind.Lightning, RailKind.OnChain])
            Assert.Equal(rail, MethodIds.RailOf(MethodIds.Of(rail)!));
        Assert.Null(MethodIds.Of(RailKind.Card));
        Assert.Equal(RailKind.Lightning, MethodIds.RailOf(MethodIds.Lnurl));
    }
}
