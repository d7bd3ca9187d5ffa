using System.Net;

namespace Tributary.Server.Tests.Greenfield.LightningNames;

/// <summary>Lightning Addresses of stores over HTTP.</summary>
public sealed class NameRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private GreenfieldClient Client => server.Operator();

    [Fact]
    public async Task A_store_takes_an_address_that_wallets_find_changes_it_and_gives_it_up()
    {
        var store = (await Client.PostAsync("/stores", """{"name":"Named"}""")).Text("id");
        var path = $"/stores/{store}/lightning-addresses";
        var made = await Client.PostAsync($"{path}/Tips", """{"min":"10","max":"5000","currencyCode":null}""");
        Assert.Equal((HttpStatusCode.OK, "tips", "10", "5000"), (made.Status, made.Text("username"), made.Text("min"), made.Text("max")));
        var wallet = await server.Client.GetStringAsync(new Uri("/.well-known/lnurlp/tips", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("\"minSendable\":10000", wallet, StringComparison.Ordinal);
        Assert.Equal("tips", (await Client.GetAsync(path)).Body[0].GetProperty("username").GetString());
        Assert.Equal("20", (await Client.PostAsync($"{path}/tips", """{"min":"20"}""")).Text("min"));
        Assert.Equal("20", (await Client.GetAsync($"{path}/tips")).Text("min"));

        var other = (await Client.PostAsync("/stores", """{"name":"Other"}""")).Text("id");
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"/stores/{other}/lightning-addresses/tips")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.DeleteAsync($"/stores/{other}/lightning-addresses/tips")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Client.PostAsync($"/stores/{other}/lightning-addresses/tips", "{}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.DeleteAsync($"{path}/tips")).Status);
        Assert.Equal((HttpStatusCode.NotFound, "lightning-address-not-found"), ((await Client.GetAsync($"{path}/tips")).Status, (await Client.GetAsync($"{path}/tips")).Code));
        Assert.Empty((await Client.GetAsync(path)).Body.EnumerateArray());
    }

    [Theory]
    [InlineData("tips", """{"min":"0"}""", "min")]
    [InlineData("tips", """{"min":"5","max":"4"}""", "max")]
    [InlineData("tips", """{"currencyCode":"EUR"}""", "currencyCode")]
    [InlineData("tips", """{"invoiceMetadata":{"a":1}}""", "invoiceMetadata")]
    [InlineData("not%20a%20name", "{}", "username")]
    public async Task An_address_that_cannot_be_is_refused(string name, string body, string path)
    {
        var refused = await Client.PostAsync($"/stores/store_main/lightning-addresses/{name}", body);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, path), (refused.Status, refused.Paths.Single()));
    }
}
