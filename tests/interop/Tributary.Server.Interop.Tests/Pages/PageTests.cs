using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Tributary.Testing.Pages;

namespace Tributary.Server.Interop.Tests.Pages;

/// <summary>All pages in a real browser: what people do on them, and how they look.</summary>
public sealed class PageTests(WalkedPages walked) : IClassFixture<WalkedPages>
{
    private const int WeightMax = 100_000;

    // Routes below these answer programs, in JSON, or are files that pages load.
    private static readonly string[] s_noneOfPeople = ["/v1/", "/api/v1/", "/assets/"];

    // What answers a GET and is no page to look at, with the reason.
    private static readonly Dictionary<string, string> s_noPages = new(StringComparer.Ordinal)
    {
        ["/c/{id}/{secret}/events"] = "a stream of events",
        ["/pay/{id}/events"] = "a stream of events",
        ["/events/chain"] = "a stream of events",
        ["/dashboard/payments.csv"] = "a table to download",
        ["/dashboard/balance.csv"] = "a table to download",
        ["/health"] = "JSON for monitors",
        ["/invoice"] = "leads on to /i/{id}",
        ["/modal/btcpay.js"] = "a script",
        ["/.well-known/lnurlp/{name}"] = "JSON for wallets",
        ["/lnurl/pay/{name}"] = "JSON for wallets",
        ["/lnurl/link/{id}"] = "JSON for wallets",
        ["/lnurl/link/{id}/invoice"] = "JSON for wallets",
        ["/lnurl/verify/{hash}"] = "JSON for wallets",
        ["/lnurl/withdraw/{id}"] = "JSON for wallets",
        ["/lnurl/withdraw/{id}/claim"] = "JSON for wallets",
        ["/misc/lang"] = "JSON for shops",
        ["/misc/permissions"] = "JSON for shops",
        ["/misc/rate-sources"] = "JSON for shops",
    };

    [Fact]
    public Task Modules_keep_to_their_types() => PageWalk.CheckTypesAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task Every_page_that_is_mapped_was_looked_at_or_is_listed_with_a_reason()
    {
        var report = await walked.ReportAsync();
        var routes = walked.Routes.Where(static route => !Array.Exists(s_noneOfPeople, start => Pattern(route).StartsWith(start, StringComparison.Ordinal))).ToList();
        var seen = report.GetProperty("visited").EnumerateArray()
            .Where(static visit => visit.GetProperty("status").GetInt32() == 200 && Text(visit, "type").StartsWith("text/html", StringComparison.Ordinal))
            .Select(visit => RouteOf(routes, Text(visit, "path")))
            .ToHashSet(StringComparer.Ordinal);
        var patterns = routes.Select(Pattern).ToHashSet(StringComparer.Ordinal);
        Assert.True(patterns.Count > 40);
        Assert.Empty(patterns.Where(pattern => !seen.Contains(pattern) && !s_noPages.ContainsKey(pattern)).Select(static pattern => $"{pattern} is mapped, and neither looked at nor listed as no page."));
        Assert.Empty(s_noPages.Keys.Where(pattern => seen.Contains(pattern) || !patterns.Contains(pattern)).Select(static pattern => $"{pattern} is listed as no page, and is one or is not mapped."));
    }

    [Fact]
    public async Task People_buy_pay_and_work_on_pages_that_everybody_can_use()
    {
        var report = await walked.ReportAsync();

        Assert.Equal("Overview", Text(report, "setup"));
        Assert.Equal("""["Any wallet","Lightning","On chain","Card"]""", report.GetProperty("tabs").GetRawText());
        Assert.Equal(1, report.GetProperty("qr").GetInt32());
        Assert.Matches("^1[0-9]:[0-5][0-9]$", Text(report, "countdown"));
        Assert.Equal("Paid", Text(report, "watched"));
        Assert.Equal("Thank you.", Text(report, "thanks"));
        Assert.Equal("Created by the shop", report.GetProperty("story")[0].GetString());
        Assert.Contains("Paid", report.GetProperty("story").EnumerateArray().Select(static told => told.GetString()), StringComparer.Ordinal);
        Assert.True(report.GetProperty("ledger").GetInt32() >= 2);
        Assert.Contains("/l/plink_", Text(report, "link"), StringComparison.Ordinal);
        Assert.StartsWith("whsec_", Text(report, "webhook"), StringComparison.Ordinal);
        Assert.Contains("/welcome/", Text(report, "invited"), StringComparison.Ordinal);
        Assert.Equal("Paid", Text(report, "keyboard"));
        Assert.True(report.GetProperty("refresh").GetBoolean());
        Assert.Contains("insufficient funds", Text(report, "declined"), StringComparison.Ordinal);
        Assert.Equal("Paid", Text(report, "plain"));
        Assert.True(report.GetProperty("mirrored").GetBoolean());
        Assert.True(report.GetProperty("straight").GetBoolean());
        Assert.Equal("Wie möchtest du bezahlen?", Text(report, "german"));
        Assert.InRange(report.GetProperty("weight").GetInt64(), 1, WeightMax);
        Assert.Equal("Overview", Text(report, "passkey"));
        Assert.StartsWith("Live", Text(report, "live"), StringComparison.Ordinal);

        Assert.Empty(report.GetProperty("problems").EnumerateArray().Select(static problem => problem.GetString()));
        Assert.Empty(report.GetProperty("errors").EnumerateArray().Select(static error => error.GetString()));
        Colours(report.GetProperty("measured"));
    }

    // Each page follows the reader's wish for light or dark, and axe had something to look at.
    private static void Colours(JsonElement measured)
    {
        Assert.True(measured.EnumerateObject().Count() >= 140);
        foreach (var page in measured.EnumerateObject())
        {
            var (ground, text) = (page.Value.GetProperty("ground").GetDouble(), page.Value.GetProperty("text").GetDouble());
            Assert.True(page.Name.Contains("-dark-", StringComparison.Ordinal) ? ground < 0.05 && text > 0.6 : ground > 0.8 && text < 0.05, $"{page.Name}: {ground} {text}");
            Assert.True(page.Value.GetProperty("checks").GetInt32() > 10, page.Name);
            Assert.True(page.Value.GetProperty("font").GetDouble() >= 16, page.Name);
        }
    }

    private static string Pattern(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.Trim('/');

    // Of several routes that a path fits, the one that the server takes.
    private static string RouteOf(IEnumerable<RouteEndpoint> routes, string path) => routes
        .Where(route => new TemplateMatcher(new RouteTemplate(route.RoutePattern), []).TryMatch(path, []))
        .OrderBy(static route => route.RoutePattern.InboundPrecedence)
        .Select(Pattern)
        .FirstOrDefault() ?? path;

    private static string Text(JsonElement report, string name) => report.GetProperty(name).GetString()!;
}
