using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Tributary.Server.Localisation;

namespace Tributary.Server.Tests.Localisation;

public sealed partial class TextsTests
{
    public static TheoryData<string> Tags => [.. Texts.All.Select(static texts => texts.Language.Tag)];

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_language_says_everything_with_the_same_places_to_fill(string tag)
    {
        var texts = Texts.All.Single(texts => string.Equals(texts.Language.Tag, tag, StringComparison.Ordinal));
        Assert.Equal(Texts.English.Keys.Order(StringComparer.Ordinal), texts.Keys.Order(StringComparer.Ordinal));
        foreach (var key in texts.Keys)
            Assert.Equal(Places(Texts.English[key]), Places(texts[key]));
    }

    [Theory]
    [InlineData("", "", "en")]
    [InlineData("", "de", "de")]
    [InlineData("", "de-AT,en;q=0.5", "de")]
    [InlineData("", "fr,de;q=0.4,en;q=0.8", "en")]
    [InlineData("", "fr", "en")]
    [InlineData("", ";;;q=", "en")]
    [InlineData("de", "en", "de")]
    [InlineData("xx", "de", "de")]
    [InlineData("ar-XB", "de", "ar-XB")]
    public void The_address_decides_then_the_browser_then_English(string asked, string accepted, string expected)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(asked.Length == 0 ? "" : "?lang=" + asked);
        context.Request.Headers.AcceptLanguage = accepted;
        Assert.Equal(expected, Texts.For(context.Request).Language.Tag);
    }

    [Fact]
    public void The_pseudo_language_turns_words_and_leaves_places_alone()
    {
        var texts = Texts.All.Single(static texts => texts.Language.IsRightToLeft);
        Assert.Equal("\u202ePay\u202c €5", texts.Format("card.pay", "€5"));
    }

    private static List<string> Places(string text) => [.. Place().Matches(text).Select(static match => match.Value).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Place();
}
