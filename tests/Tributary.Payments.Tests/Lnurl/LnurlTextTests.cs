using FsCheck;
using FsCheck.Fluent;
using Tributary.Payments.Lnurl;

namespace Tributary.Payments.Tests.Lnurl;

public sealed class LnurlTextTests
{
    // The example of LUD-01.
    private const string Url = "https://service.com/api?q=3fc3645b439ce8e7f2553a69e5267081d96dcd340693afabe04be7b0ccd178df";
    private const string Text =
        "LNURL1DP68GURN8GHJ7UM9WFMXJCM99E3K7MF0V9CXJ0M385EKVCENXC6R2C35XVUKXEFCV5MKVV34X5EKZD3EV56NYD3HXQURZEPEXEJXXEPNXSCRVWFNV9NXZCN9XQ6XYEFHVGCXXCMYXYMNSERXFQ5FNS";

    [Fact]
    public void The_example_of_LUD_01_is_written_and_read()
    {
        Assert.Equal(Text, LnurlText.Encode(Url));
        Assert.Equal(Url, LnurlText.Decode(Text).Value);
        Assert.Equal(Url, LnurlText.Decode(Text.ToLowerInvariant()).Value);
    }

    [Fact]
    public void Schemes_of_LUD_17_stand_in_place_of_https()
    {
        Assert.Equal("lnurlp://domain.com/path?a=b", LnurlText.ForPaying("https://domain.com/path?a=b"));
        Assert.Equal("lnurlw://domain.onion/path", LnurlText.ForWithdrawing("http://domain.onion/path"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("lnurl1")]
    [InlineData("LNURL1DP68GURN8GHJ7um9wfmxjcm99e3k7mf0")]
    [InlineData("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4")]
    [InlineData("LNURL1DP68GURN8GHJ7UM9WFMXJCM99E3K7MF0V9CXJ0M385EKVCENXC6R2C35XVUKXEFCV5MKVV34X5EKZD3EV56NYD3HXQURZEPEXEJXXEPNXSCRVWFNV9NXZCN9XQ6XYEFHVGCXXCMYXYMNSERXFQ5FNQ")]
    public void What_is_no_LNURL_is_refused(string text) => Assert.Equal("lnurl", LnurlText.Decode(text).Error.Field);

    [Fact]
    public void Every_address_comes_back()
    {
        Check.QuickThrowOnFailure(Prop.ForAll((NonNull<string> path) =>
        {
            var url = "https://shop.example/" + Uri.EscapeDataString(path.Get.Length > 500 ? path.Get[..500] : new string([.. path.Get.Where(static character => !char.IsSurrogate(character))]));
            return string.Equals(LnurlText.Decode(LnurlText.Encode(url)).Value, url, StringComparison.Ordinal);
        }));
    }

    [Fact]
    public void What_is_read_of_any_text_is_an_address_or_a_refusal_with_its_reason() =>
        Check.QuickThrowOnFailure(Prop.ForAll((NonNull<string> text) =>
        {
            var read = LnurlText.Decode("lnurl1" + text.Get);
            return read.TryGet(out var url, out var refusal) ? url.StartsWith("http", StringComparison.Ordinal) : refusal.Reason.Length > 0;
        }));
}
