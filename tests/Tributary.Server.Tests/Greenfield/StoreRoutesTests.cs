using System.Net;
using System.Text.Json;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>Stores, prices, payment methods and keys over HTTP.</summary>
public sealed class StoreRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private GreenfieldClient Client => server.Operator();

    [Fact]
    public async Task A_store_is_made_changed_listed_and_deleted()
    {
        var made = await Client.PostAsync("/stores", """{"name":"Books","defaultCurrency":"EUR","invoiceExpiration":1200,"brandColor":"#112233","networkFeeMode":"MultiplePaymentsOnly"}""");
        Assert.True(made.Status == HttpStatusCode.OK, made.Raw);
        var id = made.Text("id");
        Assert.Equal(("Books", "EUR", 1200, "#112233", "MediumSpeed"), (made.Text("name"), made.Text("defaultCurrency"), made.At("invoiceExpiration").GetInt32(), made.Text("brandColor"), made.Text("speedPolicy")));
        Assert.Equal(JsonValueKind.Null, made.At("website").ValueKind);
        var changed = await Client.PutAsync($"/stores/{id}", """{"name":"Rare books","website":"https://books.example","speedPolicy":"LowSpeed","celebratePayment":false}""");
        Assert.Equal(("Rare books", "https://books.example", "LowSpeed", 1200), (changed.Text("name"), changed.Text("website"), changed.Text("speedPolicy"), changed.At("invoiceExpiration").GetInt32()));
        Assert.Equal(changed.Raw, (await Client.GetAsync($"/stores/{id}")).Raw);
        Assert.Contains(id, await IdsAsync(), StringComparer.Ordinal);

        // What an invoice does not say, its store does.
        var invoice = await Client.PostAsync($"/stores/{id}/invoices", """{"amount":"5"}""");
        Assert.Equal(("EUR", 1200L, "LowSpeed"), (invoice.Text("currency"), invoice.At("expirationTime").GetInt64() - invoice.At("createdTime").GetInt64(), invoice.At("checkout", "speedPolicy").GetString()));

        await Client.PutAsync($"/stores/{id}", """{"name":"Rare books","archived":true}""");
        Assert.DoesNotContain(id, await IdsAsync(), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await Client.DeleteAsync($"/stores/{id}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.GetAsync($"/stores/{id}")).Status);
        Assert.Equal((HttpStatusCode.Conflict, "store-in-use"), ((await Client.DeleteAsync("/stores/store_main")).Status, (await Client.DeleteAsync("/stores/store_main")).Code));
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":"a","defaultCurrency":"NOPE"}""", "defaultCurrency")]
    [InlineData("""{"name":"a","invoiceExpiration":5}""", "invoiceExpiration")]
    [InlineData("""{"name":"a","paymentTolerance":1.5}""", "paymentTolerance")]
    [InlineData("""{"name":"a","anyoneCanCreateInvoice":true}""", "anyoneCanCreateInvoice")]
    [InlineData("""{"name":"a","defaultPaymentMethod":"LTC"}""", "defaultPaymentMethod")]
    public async Task A_store_that_cannot_be_is_refused_by_the_name_of_what_is_wrong(string body, string path)
    {
        var refused = await Client.PostAsync("/stores", body);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, path), (refused.Status, refused.Paths.Single()));
    }

    [Fact]
    public async Task Prices_carry_the_stores_spread()
    {
        var store = (await Client.PostAsync("/stores", """{"name":"Spread","defaultCurrency":"EUR"}""")).Text("id");
        Assert.Equal("60000", Rate(await Client.GetAsync($"/stores/{store}/rates"), 0));
        var configured = await Client.PutAsync($"/stores/{store}/rates/configuration", """{"spread":"25","isCustomScript":false}""");
        Assert.Equal(25m, configured.At("spread").GetDecimal());
        var rates = await Client.GetAsync($"/stores/{store}/rates?currencyPair=BTC_EUR&currencyPair=EUR_BTC&currencyPair=BTC_XXX");
        Assert.Equal(("48000", "0.0000208333333333"), (Rate(rates, 0), Rate(rates, 1)));
        Assert.Equal((JsonValueKind.Null, 1), (rates.Body[2].GetProperty("rate").ValueKind, rates.Body[2].GetProperty("errors").GetArrayLength()));
        Assert.Equal("40000", Rate(await Client.PostAsync($"/stores/{store}/rates/configuration/preview?currencyPair=BTC_EUR", """{"spread":"50"}"""), 0));
        var id = (await Client.PostAsync($"/stores/{store}/invoices", """{"amount":"48"}""")).Text("id");
        var methods = await Client.GetAsync($"/invoices/{id}/payment-methods");
        Assert.All(methods.Body.EnumerateArray(), static method => Assert.Equal(("0.001", "48000"), (method.GetProperty("due").GetString(), method.GetProperty("rate").GetString())));
        Assert.Equal(["isCustomScript"], (await Client.PutAsync($"/stores/{store}/rates/configuration", """{"isCustomScript":true}""")).Paths);
    }

    [Fact]
    public async Task A_method_that_is_off_is_offered_by_no_invoice()
    {
        var store = (await Client.PostAsync("/stores", """{"name":"Methods"}""")).Text("id");
        var path = $"/stores/{store}/payment-methods";
        Assert.Equal(["BTC-CHAIN", "BTC-LN"], await MethodsAsync(path));
        var off = await Client.PutAsync($"{path}/BTC-LightningNetwork", """{"enabled":false}""");
        Assert.Equal(("BTC-LN", false), (off.Text("paymentMethodId"), off.At("enabled").GetBoolean()));
        Assert.Equal(["BTC-CHAIN"], await MethodsAsync(path + "?onlyEnabled=true"));
        var invoice = await Client.PostAsync($"/stores/{store}/invoices", """{"amount":"5","currency":"EUR"}""");
        Assert.Equal(["BTC-CHAIN"], invoice.At("checkout", "paymentMethods").EnumerateArray().Select(static method => method.GetString()!), StringComparer.Ordinal);
        Assert.Equal(["checkout.paymentMethods"], (await Client.PostAsync($"/stores/{store}/invoices", """{"amount":"5","currency":"EUR","checkout":{"paymentMethods":["BTC-LN"]}}""")).Paths);
        Assert.Equal(["config"], (await Client.PutAsync($"{path}/BTC-CHAIN", """{"config":"xpub6x"}""")).Paths);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{path}/DOGE-CHAIN")).Status);
        await Client.PutAsync($"{path}/BTC-LN", """{"enabled":true,"config":{"connectionString":"Internal Node"}}""");
        Assert.Equal(["BTC-CHAIN", "BTC-LN"], await MethodsAsync(path + "?onlyEnabled=true&includeConfig=true"));
    }

    [Fact]
    public async Task Keys_are_made_shown_to_themselves_and_ended()
    {
        var made = await Client.PostAsync("/api-keys", """{"label":"shop","permissions":["btcpay.store.canviewinvoices:store_main","btcpay.user.canviewprofile"]}""");
        var key = new GreenfieldClient(server.Client, made.Text("apiKey"));
        var current = await key.GetAsync("/api-keys/current");
        Assert.Equal(made.Raw, current.Raw);
        Assert.Equal(("shop", 2), (current.Text("label"), current.At("permissions").GetArrayLength()));
        Assert.Equal("operator", (await key.GetAsync("/users/me")).Text("id"));
        Assert.Equal(HttpStatusCode.OK, (await key.GetAsync("/stores/store_main/invoices")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await key.PostAsync("/api-keys", "{}")).Status);
        Assert.Equal(["permissions[0]"], (await Client.PostAsync("/api-keys", """{"permissions":["btcpay.store.canfly"]}""")).Paths);
        Assert.Equal(HttpStatusCode.OK, (await key.DeleteAsync("/api-keys/current")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await key.GetAsync("/api-keys/current")).Status);
        var other = (await Client.PostAsync("/api-keys", """{"permissions":["unrestricted"]}""")).Text("apiKey");
        Assert.Equal(HttpStatusCode.OK, (await Client.DeleteAsync($"/api-keys/{other}")).Status);
        Assert.Equal((HttpStatusCode.NotFound, "apikey-not-found"), ((await Client.DeleteAsync($"/api-keys/{other}")).Status, (await Client.DeleteAsync($"/api-keys/{other}")).Code));
    }

    [Fact]
    public async Task The_server_says_what_it_is_and_a_get_may_carry_a_body()
    {
        var info = await Client.GetAsync("/server/info", "{}");
        Assert.Equal((HttpStatusCode.OK, true), (info.Status, info.At("fullySynched").GetBoolean()));
        Assert.False(info.Body.TryGetProperty("onion", out _));
        Assert.True((await new GreenfieldClient(server.Client, null).GetAsync("/health")).At("synchronized").GetBoolean());
        var listed = await Client.GetAsync("/stores/store_main/invoices", """{"take":1,"status":["New"],"skip":null}""");
        Assert.True(listed.Status == HttpStatusCode.OK && listed.Body.GetArrayLength() <= 1, listed.Raw);
    }

    private async Task<List<string>> IdsAsync() => [.. (await Client.GetAsync("/stores")).Body.EnumerateArray().Select(static store => store.GetProperty("id").GetString()!)];

    private async Task<List<string>> MethodsAsync(string path) => [.. (await Client.GetAsync(path)).Body.EnumerateArray().Select(static method => method.GetProperty("paymentMethodId").GetString()!)];

    private static string Rate(GreenfieldClient.Reply rates, int index) => rates.Body[index].GetProperty("rate").GetString()!;
}
