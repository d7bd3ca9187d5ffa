using System.Net;
using System.Text.Json;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>Invoices over HTTP, from their making to the books, as shops of the Greenfield dialect use them.</summary>
public sealed class InvoiceRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Path = "/stores/store_main/invoices";

    private GreenfieldClient Client => server.Operator();

    [Fact]
    public async Task A_shops_invoice_says_what_was_asked_and_where_it_is_paid()
    {
        var made = await Client.PostAsync(Path, """
            {"amount":"12.50","currency":"EUR","metadata":{"orderId":"1234","buyerEmail":"a@b.example","posData":{"a":[1,2]}},
             "checkout":{"speedPolicy":"LowMediumSpeed","paymentMethods":["BTC","BTC_LightningLike"],"defaultPaymentMethod":null,"expirationMinutes":30,
                         "redirectURL":"https://shop.example/done/{OrderId}","redirectAutomatically":true,"paymentTolerance":0}}
            """);
        Assert.True(made.Status == HttpStatusCode.OK, made.Raw);
        var id = made.Text("id");
        Assert.Equal(("12.5", "0", "EUR", "Standard", "New", "None"), (made.Text("amount"), made.Text("paidAmount"), made.Text("currency"), made.Text("type"), made.Text("status"), made.Text("additionalStatus")));
        Assert.EndsWith("/i/" + id, made.Text("checkoutLink"), StringComparison.Ordinal);
        Assert.Equal(1800, made.At("expirationTime").GetInt64() - made.At("createdTime").GetInt64());
        Assert.Equal(86400, made.At("monitoringExpiration").GetInt64() - made.At("expirationTime").GetInt64());
        Assert.Equal(2, made.At("metadata", "posData", "a").GetArrayLength());
        Assert.Equal(["BTC-CHAIN", "BTC-LN"], made.At("checkout", "paymentMethods").EnumerateArray().Select(static method => method.GetString()!), StringComparer.Ordinal);
        Assert.Equal(("LowMediumSpeed", JsonValueKind.Null), (made.At("checkout", "speedPolicy").GetString(), made.At("checkout", "defaultLanguage").ValueKind));

        foreach (var path in (string[])[$"{Path}/{id}", $"/invoices/{id}"])
        {
            var seen = await Client.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, made.Raw), (seen.Status, seen.Raw));
        }

        Assert.Equal((HttpStatusCode.NotFound, "invoice-not-found"), Both(await Client.GetAsync($"{Path}/none")));
    }

    [Fact]
    public async Task A_lightning_payment_settles_an_invoice_and_shows_among_its_methods()
    {
        var id = (await MakeAsync("""{"amount":"25","currency":"EUR"}""")).Text("id");
        var offered = await Client.GetAsync($"{Path}/{id}/payment-methods");
        var lightning = Method(offered, "BTC-LN");
        Assert.StartsWith("lnbcrt", lightning.GetProperty("destination").GetString(), StringComparison.Ordinal);
        Assert.Equal(("60000", "0.00041667", "0.00041667", "0"), (Value(lightning, "rate"), Value(lightning, "due"), Value(lightning, "amount"), Value(lightning, "totalPaid")));
        var chain = Method(offered, "BTC-CHAIN");
        Assert.Equal($"bitcoin:{Value(chain, "destination")}?amount=0.00041667", Value(chain, "paymentLink"));

        await server.PayAsync(id, "lightning");
        var settled = await Client.WaitAsync($"{Path}/{id}?includePaymentMethods=true", static reply => reply.Text("status") is "Settled");
        Assert.Equal(("25", "None"), (settled.Text("paidAmount"), settled.Text("additionalStatus")));
        Assert.Equal(["Invalid"], settled.At("availableStatusesForManualMarking").EnumerateArray().Select(static mark => mark.GetString()!), StringComparer.Ordinal);
        var paid = Method(await Client.GetAsync($"{Path}/{id}/payment-methods"), "BTC-LN");
        Assert.Equal(("0.00041667", "0"), (Value(paid, "paymentMethodPaid"), Value(paid, "due")));
        var payment = Assert.Single(paid.GetProperty("payments").EnumerateArray());
        Assert.Equal(("Settled", "0.00041667"), (Value(payment, "status"), Value(payment, "value")));
    }

    [Fact]
    public async Task Too_little_on_chain_is_partial_and_too_much_is_over()
    {
        var id = (await MakeAsync("""{"amount":"0.0003","currency":"BTC"}""")).Text("id");
        await Client.GetAsync($"{Path}/{id}/payment-methods");
        await server.PayAsync(id, "bitcoin", 10_000);
        var partial = await Client.WaitAsync($"{Path}/{id}", static reply => reply.Text("additionalStatus") is "PaidPartial");
        Assert.Equal(("New", "0.0001"), (partial.Text("status"), partial.Text("paidAmount")));
        var rest = Method(await Client.GetAsync($"{Path}/{id}/payment-methods"), "BTC-CHAIN");
        Assert.Equal(("0.0002", "0.0001"), (Value(rest, "due"), Value(rest, "totalPaid")));
        await server.PayAsync(id, "bitcoin", 50_000);
        var over = await Client.WaitAsync($"{Path}/{id}", static reply => reply.Text("status") is "Processing");
        Assert.Equal(("PaidOver", "0.0006"), (over.Text("additionalStatus"), over.Text("paidAmount")));
        await server.MineAsync();
        await Client.WaitAsync($"{Path}/{id}", static reply => reply.Text("status") is "Settled" && reply.Text("additionalStatus") is "PaidOver");
        Assert.Equal("0", Value(Method(await Client.GetAsync($"{Path}/{id}/payment-methods"), "BTC-CHAIN"), "due"));
    }

    [Theory]
    [InlineData("""{"currency":"EUR"}""", "lightning", 25_000, "15")]
    [InlineData("""{"type":"TopUp","amount":null,"currency":"BTC"}""", "bitcoin", 31_000, "0.00031")]
    public async Task An_invoice_without_an_amount_is_for_what_comes(string body, string rail, long satoshis, string amount)
    {
        var made = await MakeAsync(body);
        var id = made.Text("id");
        Assert.Equal(("TopUp", "0", "New"), (made.Text("type"), made.Text("amount"), made.Text("status")));
        var offered = await Client.GetAsync($"{Path}/{id}/payment-methods");
        var lightning = Method(offered, "BTC-LN");
        Assert.StartsWith("lnbcrt1", Value(lightning, "destination"), StringComparison.Ordinal);
        Assert.Equal(("0", "0"), (Value(lightning, "due"), Value(lightning, "amount")));
        var chain = Method(offered, "BTC-CHAIN");
        Assert.Equal("bitcoin:" + Value(chain, "destination"), Value(chain, "paymentLink"));
        var page = await server.Client.GetStringAsync(new Uri("/i/" + id, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("Any amount", page, StringComparison.Ordinal);
        Assert.DoesNotContain("amount=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("final after", page, StringComparison.Ordinal);

        await server.PayAsync(id, rail, satoshis);
        if (rail is "bitcoin")
            await server.MineAsync();
        var settled = await Client.WaitAsync($"{Path}/{id}", static reply => reply.Text("status") is "Settled");
        Assert.Equal((amount, amount, "None", "TopUp"), (settled.Text("amount"), settled.Text("paidAmount"), settled.Text("additionalStatus"), settled.Text("type")));
        var methods = await Client.GetAsync($"{Path}/{id}/payment-methods");
        Assert.Equal(("", "0"), (Value(Method(methods, "BTC-LN"), "destination"), Value(Method(methods, "BTC-LN"), "due")));
        var receipt = await server.Client.GetStringAsync(new Uri($"/i/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("Any amount", receipt, StringComparison.Ordinal);

        var refund = await Client.PostAsync($"{Path}/{id}/refund", """{"refundVariant":"RateThen","payoutMethodId":"BTC-CHAIN"}""");
        Assert.True(refund.Status == HttpStatusCode.OK, refund.Raw);
        Assert.Equal(satoshis / 100_000_000m, decimal.Parse(refund.Text("amount"), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task What_a_store_lets_be_missing_is_not_asked_for()
    {
        var store = (await Client.PostAsync("/stores", """{"name":"Lenient","defaultCurrency":"BTC","paymentTolerance":12.5}""")).Text("id");
        Assert.Equal(12.5m, (await Client.GetAsync($"/stores/{store}")).At("paymentTolerance").GetDecimal());
        var path = $"/stores/{store}/invoices";
        var made = await Client.PostAsync(path, """{"amount":"0.0004"}""");
        Assert.Equal(12.5m, made.At("checkout", "paymentTolerance").GetDecimal());
        var id = made.Text("id");
        await Client.GetAsync($"{path}/{id}/payment-methods");
        await server.PayAsync(id, "bitcoin", 34_999);
        var partial = await Client.WaitAsync($"{path}/{id}", static reply => reply.Text("additionalStatus") is "PaidPartial");
        Assert.Equal("New", partial.Text("status"));
        await Client.GetAsync($"{path}/{id}/payment-methods");
        await server.PayAsync(id, "bitcoin", 600);
        await server.MineAsync();
        var settled = await Client.WaitAsync($"{path}/{id}", static reply => reply.Text("status") is "Settled");
        Assert.Equal(("None", "0.00035599"), (settled.Text("additionalStatus"), settled.Text("paidAmount")));

        // What an invoice says of itself goes before what its store says.
        var strict = await Client.PostAsync(path, """{"amount":"0.0004","checkout":{"paymentTolerance":0}}""");
        Assert.Equal(0m, strict.At("checkout", "paymentTolerance").GetDecimal());
    }

    [Fact]
    public async Task A_list_is_filtered_by_orders_statuses_text_and_time()
    {
        var store = (await Client.PostAsync("/stores", """{"name":"Lists"}""")).Text("id");
        var path = $"/stores/{store}/invoices";
        var ids = new List<string>();
        foreach (var order in (string[])["a-1", "a-2", "b_3"])
            ids.Add((await Client.PostAsync(path, $$"""{"amount":"5","currency":"EUR","metadata":{"orderId":"{{order}}","buyerName":"Ann % of {{order}}"} }""")).Text("id"));
        await Client.PostAsync($"{path}/{ids[0]}/status", """{"status":"Invalid"}""");
        await Client.DeleteAsync($"{path}/{ids[1]}");

        Assert.Equal([ids[2], ids[0]], await IdsAsync(path));
        Assert.Equal([ids[2], ids[1], ids[0]], await IdsAsync(path + "?includeArchived=true"));
        Assert.Equal([ids[2], ids[0]], await IdsAsync(path + "?orderId=a-1&orderId=b_3&orderId=zz"));
        Assert.Equal([ids[0]], await IdsAsync(path + "?status=Invalid&status=Expired"));
        Assert.Equal([ids[2], ids[0]], await IdsAsync(path + "?status=Invalid&status=new"));
        Assert.Equal([ids[2]], await IdsAsync(path + "?textSearch=B_3"));
        Assert.Empty(await IdsAsync(path + "?textSearch=b%253"));
        Assert.Equal([ids[2]], await IdsAsync(path + "?take=1"));
        Assert.Equal([ids[0]], await IdsAsync(path + "?skip=1"));
        Assert.Empty(await IdsAsync(path + "?endDate=1000"));
        Assert.Equal(2, (await IdsAsync(path + "?startDate=1000")).Count);
        Assert.Equal(["status"], (await Client.GetAsync(path + "?status=Paid")).Paths);

        var back = await Client.PostAsync($"{path}/{ids[1]}/unarchive");
        Assert.False(back.At("archived").GetBoolean());
        Assert.Equal(3, (await IdsAsync(path)).Count);
    }

    [Theory]
    [InlineData("""{"type":"Standard","currency":"EUR"}""", "amount")]
    [InlineData("""{"type":"TopUp","amount":"5","currency":"EUR"}""", "amount")]
    [InlineData("""{"type":"Gift","currency":"EUR"}""", "type")]
    [InlineData("""{"amount":"0","currency":"EUR"}""", "amount")]
    [InlineData("""{"amount":"-5","currency":"EUR"}""", "amount")]
    [InlineData("""{"amount":"1.005","currency":"EUR"}""", "amount")]
    [InlineData("""{"amount":"99999999999999999999","currency":"EUR"}""", "amount")]
    [InlineData("""{"amount":"22000000","currency":"BTC"}""", "amount")]
    [InlineData("""{"amount":"1.5","currency":"SATS"}""", "amount")]
    [InlineData("""{"amount":"1e400","currency":"EUR"}""", "amount")]
    [InlineData("""{"amount":"5","currency":"XYZ"}""", "currency")]
    [InlineData("""{"amount":"5","currency":"EUR","checkout":{"paymentMethods":["LTC"]}}""", "checkout.paymentMethods")]
    [InlineData("""{"amount":"5","currency":"EUR","checkout":{"expirationMinutes":0}}""", "checkout.expirationMinutes")]
    [InlineData("""{"amount":"5","currency":"EUR","checkout":{"paymentTolerance":0.123}}""", "checkout.paymentTolerance")]
    [InlineData("""{"amount":"5","currency":"EUR","checkout":{"redirectURL":"javascript:alert(1)"}}""", "checkout.redirectURL")]
    [InlineData("""{"amount":"5","currency":"EUR","checkout":{"speedPolicy":"Warp"}}""", "checkout.speedPolicy")]
    [InlineData("""{"amount":"5","currency":"EUR","metadata":"text"}""", "metadata")]
    [InlineData("""[1]""", "")]
    [InlineData("""{"amount":""", "")]
    public async Task What_is_wrong_is_named_and_nothing_is_made(string body, string path)
    {
        var refused = await Client.PostAsync(Path, body);
        Assert.True(refused.Status == HttpStatusCode.UnprocessableEntity, refused.Raw);
        Assert.Contains(path, refused.Paths, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Satoshis_are_counted_as_such_and_numbers_are_taken_as_amounts()
    {
        var made = await MakeAsync("""{"amount":1500,"currency":"sats","metadata":{"orderId":77},"checkout":[]}""");
        Assert.Equal(("1500", "SATS", 77), (made.Text("amount"), made.Text("currency"), made.At("metadata", "orderId").GetInt32()));
        Assert.Equal("0.000015", Value(Method(await Client.GetAsync($"{Path}/{made.Text("id")}/payment-methods"), "BTC-LN"), "due"));
        Assert.Contains(made.Text("id"), await IdsAsync(Path + "?orderId=77"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_merchants_word_marks_an_invoice_and_ends_its_offers()
    {
        var id = (await MakeAsync("""{"amount":"5","currency":"EUR"}""")).Text("id");
        await Client.GetAsync($"{Path}/{id}/payment-methods");
        var settled = await Client.PostAsync($"{Path}/{id}/status", """{"status":"Settled"}""");
        Assert.Equal(("Settled", "Marked", "0"), (settled.Text("status"), settled.Text("additionalStatus"), settled.Text("paidAmount")));
        Assert.Equal("", Value(Method(await Client.GetAsync($"{Path}/{id}/payment-methods"), "BTC-LN"), "destination"));
        Assert.Equal(["status"], (await Client.PostAsync($"{Path}/{id}/status", """{"status":"Settled"}""")).Paths);
        Assert.Equal("Invalid", (await Client.PostAsync($"{Path}/{id}/status", """{"status":"Invalid"}""")).Text("status"));
        Assert.Equal(["status"], (await Client.PostAsync($"{Path}/{id}/status", """{"status":"Expired"}""")).Paths);
    }

    [Fact]
    public async Task Metadata_is_replaced_and_found_by()
    {
        var id = (await MakeAsync("""{"amount":"5","currency":"EUR","metadata":{"orderId":"before"}}""")).Text("id");
        var changed = await Client.PutAsync($"{Path}/{id}", """{"metadata":{"orderId":"after","note":"blue"}}""");
        Assert.Equal("after", changed.At("metadata", "orderId").GetString());
        Assert.Contains(id, await IdsAsync(Path + "?orderId=after"), StringComparer.Ordinal);
        Assert.DoesNotContain(id, await IdsAsync(Path + "?orderId=before"), StringComparer.Ordinal);
        Assert.Contains(id, await IdsAsync(Path + "?textSearch=BLUE"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_lazy_invoice_offers_a_method_when_it_is_asked_for()
    {
        var id = (await MakeAsync("""{"amount":"5","currency":"EUR","checkout":{"lazyPaymentMethods":true}}""")).Text("id");
        Assert.All((await Client.GetAsync($"{Path}/{id}/payment-methods")).Body.EnumerateArray(), static method => Assert.False(method.GetProperty("activated").GetBoolean()));
        Assert.Equal(HttpStatusCode.OK, (await Client.PostAsync($"{Path}/{id}/payment-methods/BTC-LightningNetwork/activate")).Status);
        var methods = await Client.GetAsync($"{Path}/{id}/payment-methods");
        Assert.True(Method(methods, "BTC-LN").GetProperty("activated").GetBoolean());
        Assert.False(Method(methods, "BTC-CHAIN").GetProperty("activated").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await Client.PostAsync($"{Path}/{id}/payment-methods/LTC-CHAIN/activate")).Status);
    }

    [Fact]
    public async Task An_invoice_of_another_store_is_not_there()
    {
        var other = (await Client.PostAsync("/stores", """{"name":"Another"}""")).Text("id");
        var id = (await Client.PostAsync($"/stores/{other}/invoices", """{"amount":"5","currency":"EUR"}""")).Text("id");
        Assert.Equal((HttpStatusCode.NotFound, "invoice-not-found"), Both(await Client.GetAsync($"{Path}/{id}")));
        var key = (await Client.PostAsync("/api-keys", """{"permissions":["btcpay.store.canviewinvoices:store_main"]}""")).Text("apiKey");
        Assert.Equal((HttpStatusCode.NotFound, "invoice-not-found"), Both(await new GreenfieldClient(server.Client, key).GetAsync($"/invoices/{id}")));
        Assert.Equal(HttpStatusCode.OK, (await Client.GetAsync($"/invoices/{id}")).Status);
    }

    private async Task<GreenfieldClient.Reply> MakeAsync(string body)
    {
        var made = await Client.PostAsync(Path, body);
        Assert.True(made.Status == HttpStatusCode.OK, made.Raw);
        return made;
    }

    private async Task<List<string>> IdsAsync(string path)
    {
        var list = await Client.GetAsync(path);
        Assert.True(list.Status == HttpStatusCode.OK, list.Raw);
        return [.. list.Body.EnumerateArray().Select(static invoice => invoice.GetProperty("id").GetString()!)];
    }

    private static (HttpStatusCode Status, string Code) Both(GreenfieldClient.Reply reply) => (reply.Status, reply.Code);

    private static JsonElement Method(GreenfieldClient.Reply methods, string id) => methods.Body.EnumerateArray().Single(method => string.Equals(Value(method, "paymentMethodId"), id, StringComparison.Ordinal));

    private static string Value(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
