using System.Net;
using System.Text.RegularExpressions;
using Tributary.Server.Team;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>The page of what judges payments.</summary>
public sealed class RiskPagesTests : IAsyncLifetime
{
    private const string Page = "/dashboard/risk";
    private readonly RunningServer _server = new();

    private StripeClient Api => new(_server.Client, _server.SecretKey);

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Verdicts_are_counted_today_and_within_the_week_and_those_that_wait_are_named()
    {
        using var viewer = await _server.SignInAsync(MemberRole.Viewer);
        Assert.Equal(new Dictionary<string, (int, int)>(StringComparer.Ordinal) { ["Let through"] = (0, 0), ["Asked for proof"] = (0, 0), ["Sent to a person"] = (0, 0), ["Refused"] = (0, 0) }, await CountsAsync(viewer));
        for (var i = 0; i < 3; i++)
            await Api.PayAsync(900 + i);
        await Api.PayAsync(1_000, "pm_card_riskLevelElevated");
        await Api.PostAsync("/v1/payment_intents", "amount=1100&currency=eur&confirm=true&payment_method=pm_card_radarBlock");
        await Api.PostAsync("/v1/payment_intents", "amount=1200&currency=eur");
        Assert.Equal(new Dictionary<string, (int, int)>(StringComparer.Ordinal) { ["Let through"] = (3, 3), ["Asked for proof"] = (0, 0), ["Sent to a person"] = (1, 1), ["Refused"] = (1, 1) }, await CountsAsync(viewer));
        Assert.Contains("One payment waits for a person.", (await viewer.GetAsync(Page)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rules_in_force_are_shown_to_everybody_and_changed_by_nobody()
    {
        foreach (var role in Enum.GetValues<MemberRole>())
        {
            using var member = await _server.SignInAsync(role);
            var text = WebUtility.HtmlDecode((await member.GetAsync(Page)).Text);
            Assert.Contains("The server's own policy", text, StringComparison.Ordinal);
            Assert.Contains(":device_cards_1h: >= 8", text, StringComparison.Ordinal);
            Assert.Contains("card testing: eight cards from one device within an hour", text, StringComparison.Ordinal);
            Assert.Contains("Rules judge alone: no model is installed.", text, StringComparison.Ordinal);
            Assert.Contains("0 of 200 confirmed bad outcomes", text, StringComparison.Ordinal);
            Assert.Contains("A decision may take 500 ms", text, StringComparison.Ordinal);
            Assert.Contains("risk/policy.txt", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<form", text[text.IndexOf("<main", StringComparison.Ordinal)..], StringComparison.Ordinal);
        }
    }

    private static async Task<Dictionary<string, (int Today, int Week)>> CountsAsync(Browser member) => Regex
        .Matches((await member.GetAsync(Page)).Text, "<tr><th scope=\"row\">(?<verdict>Let through|Asked for proof|Sent to a person|Refused)</th><td class=\"number\">(?<today>[0-9]+)</td><td class=\"number\">(?<week>[0-9]+)</td></tr>", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
        .ToDictionary(
            static row => row.Groups["verdict"].Value,
            static row => (int.Parse(row.Groups["today"].Value, System.Globalization.CultureInfo.InvariantCulture), int.Parse(row.Groups["week"].Value, System.Globalization.CultureInfo.InvariantCulture)),
            StringComparer.Ordinal);
}
