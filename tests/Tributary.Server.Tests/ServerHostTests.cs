using System.Net;
using System.Text.Json;
using Tributary.Bitcoin.Networks;

namespace Tributary.Server.Tests;

public sealed class ServerHostTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Mined_blocks_show_on_the_page_and_survive_a_restart()
    {
        var before = await HeightAsync();
        using var mined = await PostAsync(("count", "3"));
        Assert.Equal(HttpStatusCode.Redirect, mined.StatusCode);
        Assert.Equal(before + 3, await HeightAsync());
        await WaitForPageAsync($"<p class=\"figure\">{before + 3}</p>");

        await server.RestartAsync();
        Assert.Equal(before + 3, await HeightAsync());
        await WaitForPageAsync($"<p class=\"figure\">{before + 3}</p>");
    }

    [Theory]
    [InlineData("0", "", "whole number")]
    [InlineData("1001", "", "whole number")]
    [InlineData("-1", "", "whole number")]
    [InlineData("x", "", "whole number")]
    [InlineData("1", "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "mainnet")]
    [InlineData("1", "<script>", "Address")]
    public async Task A_wrong_form_is_refused_with_the_reason_and_mines_nothing(string count, string payTo, string reason)
    {
        var before = await HeightAsync();
        using var answer = await PostAsync(("count", count), ("payTo", payTo));
        var page = await answer.Content.ReadAsStringAsync(Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page.Replace("<script type=\"module\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(before, await HeightAsync());
    }

    [Theory]
    [InlineData("Origin", "http://shop.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Another_sites_form_is_refused(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/chain/mine") { Content = Form(("count", "1")) };
        request.Headers.Add(header, value);
        using var answer = await server.Client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("shop.example")]
    [InlineData("127.0.0.1.shop.example")]
    [InlineData("10.0.0.1")]
    public async Task Another_name_for_this_machine_is_refused(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        using var answer = await server.Client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Pages_load_nothing_from_elsewhere()
    {
        using var answer = await server.Client.GetAsync(new Uri("/chain", UriKind.Relative), Cancelled);
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var page = await answer.Content.ReadAsStringAsync(Cancelled);
        foreach (var path in page.Split('"').Where(static part => part.StartsWith("/assets/", StringComparison.Ordinal)))
        {
            using var asset = await server.Client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
            Assert.Equal(HttpStatusCode.OK, asset.StatusCode);
            Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_new_block_is_one_live_event()
    {
        using var stream = await server.Client.GetStreamAsync(new Uri("/events/chain", UriKind.Relative), Cancelled);
        using var reader = new StreamReader(stream);
        Assert.Equal("event: tip", await reader.ReadLineAsync(Cancelled));
        (await PostAsync(("count", "1"))).Dispose();
        while (!string.Equals(await reader.ReadLineAsync(Cancelled), "event: tip", StringComparison.Ordinal))
        {
            // Lines of the first event.
        }
    }

    [Fact]
    public async Task The_embedded_chain_is_regtest_only()
    {
        var refused = await ServerHost.BuildAsync(new ServerOptions(0, "unused", BitcoinNetwork.Mainnet), TimeProvider.System, Cancelled);
        Assert.Equal("--network", refused.Error.Field);
    }

    [Fact]
    public async Task Mainnet_is_real_money_and_has_to_be_allowed()
    {
        var options = new ServerOptions(0, "unused", BitcoinNetwork.Mainnet) { BitcoindUrl = new Uri("http://127.0.0.1:1/"), BitcoindCookieFile = "absent" };
        Assert.Equal("--real-money", (await ServerHost.BuildAsync(options, TimeProvider.System, Cancelled)).Error.Field);
    }

    [Fact]
    public async Task A_bitcoind_that_is_away_shows_as_not_synced()
    {
        var folder = Directory.CreateTempSubdirectory("tributary-server-").FullName;
        var options = new ServerOptions(0, folder, BitcoinNetwork.Regtest) { BitcoindUrl = new Uri("http://127.0.0.1:1/"), BitcoindCookieFile = "absent" };
        await using var app = (await ServerHost.BuildAsync(options, TimeProvider.System, Cancelled)).Value;
        await app.StartAsync(Cancelled);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromMinutes(5) };
        using var health = await client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Contains("Not synced", await client.GetStringAsync(new Uri("/chain", UriKind.Relative), Cancelled), StringComparison.Ordinal);
    }

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) =>
        new(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));

    private async Task<HttpResponseMessage> PostAsync(params (string Name, string Value)[] fields)
    {
        using var form = Form(fields);
        return await server.Client.PostAsync(new Uri("/chain/mine", UriKind.Relative), form, Cancelled);
    }

    private async Task<int> HeightAsync()
    {
        // Whatever it thinks of its own health: a database that a busy machine keeps waiting is a problem for a while.
        using var answer = await server.Client.GetAsync(new Uri("/health", UriKind.Relative), Cancelled);
        using var report = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        return report.RootElement.GetProperty("height").GetInt32();
    }

    /// <summary>The page shows what the follower has seen, which comes a moment after the block.</summary>
    private async Task WaitForPageAsync(string part)
    {
        while (!(await server.Client.GetStringAsync(new Uri("/chain", UriKind.Relative), Cancelled)).Contains(part, StringComparison.Ordinal))
            await Task.Delay(20, Cancelled);
    }
}
