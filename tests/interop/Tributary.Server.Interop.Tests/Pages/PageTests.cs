using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Bitcoin.Networks;
using Tributary.Server.Payments;
using Tributary.Server.Team;
using Tributary.Testing.Pages;

namespace Tributary.Server.Interop.Tests.Pages;

/// <summary>All pages in a real browser: what people do on them, and how they look.</summary>
public sealed class PageTests : IDisposable
{
    private const int WeightMax = 100_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-pages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task Modules_keep_to_their_types() => PageWalk.CheckTypesAsync(TestContext.Current.CancellationToken);

    [Fact]
    public async Task People_buy_pay_and_work_on_pages_that_everybody_can_use()
    {
        var token = TestContext.Current.CancellationToken;
        var built = await ServerHost.BuildAsync(new ServerOptions(0, _folder, BitcoinNetwork.Regtest), TimeProvider.System, token);
        await using var app = built.Value;
        await app.StartReadyAsync(token);
        var report = await PageWalk.RunAsync(new Uri(app.Urls.Single()), app.Services.GetRequiredService<SetupAccess>().Path!, app.Services.GetRequiredService<TestAccess>().SecretKey, token);

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

        Assert.Empty(report.GetProperty("problems").EnumerateArray().Select(static problem => problem.GetString()));
        Assert.Empty(report.GetProperty("errors").EnumerateArray().Select(static error => error.GetString()));
        Colours(report.GetProperty("measured"));
    }

    // Each page follows the reader's wish for light or dark, and axe had something to look at.
    private static void Colours(JsonElement measured)
    {
        Assert.True(measured.EnumerateObject().Count() >= 60);
        foreach (var page in measured.EnumerateObject())
        {
            var (ground, text) = (page.Value.GetProperty("ground").GetDouble(), page.Value.GetProperty("text").GetDouble());
            Assert.True(page.Name.Contains("-dark-", StringComparison.Ordinal) ? ground < 0.05 && text > 0.6 : ground > 0.8 && text < 0.05, $"{page.Name}: {ground} {text}");
            Assert.True(page.Value.GetProperty("checks").GetInt32() > 10, page.Name);
            Assert.True(page.Value.GetProperty("font").GetDouble() >= 16, page.Name);
        }
    }

    private static string Text(JsonElement report, string name) => report.GetProperty(name).GetString()!;
}
