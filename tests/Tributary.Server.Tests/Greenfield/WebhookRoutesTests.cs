using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tributary.Server.Tests.Stripe;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>Webhooks of stores over HTTP, against a shop that listens.</summary>
public sealed class WebhookRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private GreenfieldClient Client => server.Operator();

    [Fact]
    public async Task A_shop_hears_each_step_of_a_payment_once_and_signed()
    {
        await using var shop = await Receiver.StartAsync();
        var store = await StoreAsync();
        var hook = await Client.PostAsync($"/stores/{store}/webhooks", $$"""{"url":"{{shop.Url}}","authorizedEvents":{"everything":true},"secret":"a secret of the shop"}""");
        Assert.Equal("a secret of the shop", hook.Text("secret"));
        var id = (await Client.PostAsync($"/stores/{store}/invoices", """{"amount":"10","currency":"EUR","metadata":{"orderId":"7"}}""")).Text("id");
        await Client.GetAsync($"/invoices/{id}/payment-methods");
        await server.PayAsync(id, "lightning");

        var heard = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var order = new List<string>();
        while (!heard.ContainsKey("InvoiceSettled"))
        {
            var (signature, body) = await shop.NextAsync();
            Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("a secret of the shop"), Encoding.UTF8.GetBytes(body))), signature);
            var told = Parse(body);
            Assert.Equal((id, store, "7", hook.Text("id")), (Text(told, "invoiceId"), Text(told, "storeId"), told.GetProperty("metadata").GetProperty("orderId").GetString()!, Text(told, "webhookId")));
            Assert.False(told.GetProperty("isRedelivery").GetBoolean());
            Assert.True(heard.TryAdd(Text(told, "type"), told), body);
            order.Add(Text(told, "type"));
        }

        // Shop plugins act on each word as it comes: "processing" after "settled" puts a paid order on hold.
        Assert.Equal(["InvoiceCreated", "InvoiceReceivedPayment", "InvoiceProcessing", "InvoicePaymentSettled", "InvoiceSettled"], order, StringComparer.Ordinal);
        Assert.False(heard["InvoiceSettled"].GetProperty("manuallyMarked").GetBoolean());
        var received = heard["InvoiceReceivedPayment"];
        Assert.Equal(("BTC-LN", "0.00016667"), (Text(received, "paymentMethodId"), Text(received.GetProperty("payment"), "value")));
        Assert.False(received.GetProperty("afterExpiration").GetBoolean());
    }

    [Fact]
    public async Task A_delivery_that_failed_is_listed_and_sent_again()
    {
        await using var shop = await Receiver.StartAsync();
        shop.Status = 500;
        var store = await StoreAsync();
        var hook = (await Client.PostAsync(
            $"/stores/{store}/webhooks", $$"""{"url":"{{shop.Url}}","automaticRedelivery":false,"authorizedEvents":{"everything":false,"specificEvents":["InvoiceInvalid"]} }""")).Text("id");
        var id = (await Client.PostAsync($"/stores/{store}/invoices", """{"amount":"10","currency":"EUR"}""")).Text("id");
        await Client.PostAsync($"/stores/{store}/invoices/{id}/status", """{"status":"Invalid"}""");
        var told = Parse((await shop.NextAsync()).Body);
        Assert.Equal(("InvoiceInvalid", true), (Text(told, "type"), told.GetProperty("manuallyMarked").GetBoolean()));

        var path = $"/stores/{store}/webhooks/{hook}/deliveries";
        var failed = (await Client.WaitAsync(path, static reply => reply.Body.GetArrayLength() == 1 && Text(reply.Body[0], "status") is "HttpError")).Body[0];
        Assert.Equal(("HttpError", 500L, Text(told, "deliveryId")), (Text(failed, "status"), failed.GetProperty("httpCode").GetInt64(), Text(failed, "id")));
        shop.Status = 200;
        var again = await Client.PostAsync($"{path}/{Text(failed, "id")}/redeliver");
        Assert.Equal((HttpStatusCode.OK, $"\"{Text(failed, "id")}\""), (again.Status, again.Raw));
        var repeated = Parse((await shop.NextAsync()).Body);
        Assert.True(repeated.GetProperty("isRedelivery").GetBoolean());
        Assert.Equal(Text(told, "deliveryId"), Text(repeated, "originalDeliveryId"));
        await Client.WaitAsync($"{path}/{Text(failed, "id")}", static reply => reply.Text("status") is "HttpSuccess");
        var request = await Client.GetAsync($"{path}/{Text(failed, "id")}/request");
        Assert.Equal("InvoiceInvalid", request.Text("type"));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{path}/wd_none")).Status);
    }

    [Fact]
    public async Task A_webhook_is_changed_switched_off_and_deleted_and_each_dialect_sees_its_own()
    {
        var store = "store_main";
        var made = await Client.PostAsync($"/stores/{store}/webhooks", """{"url":"http://127.0.0.1:9/a"}""");
        var path = $"/stores/{store}/webhooks/{made.Text("id")}";
        Assert.Equal((true, true, true), (made.At("enabled").GetBoolean(), made.At("automaticRedelivery").GetBoolean(), made.At("authorizedEvents", "everything").GetBoolean()));
        var changed = await Client.PutAsync(path, """{"url":"http://127.0.0.1:9/b","enabled":false,"automaticRedelivery":false,"authorizedEvents":{"everything":false,"specificEvents":["InvoiceSettled","InvoiceExpired"]},"secret":null}""");
        Assert.Equal(("http://127.0.0.1:9/b", false, false), (changed.Text("url"), changed.At("enabled").GetBoolean(), changed.At("automaticRedelivery").GetBoolean()));
        Assert.Equal(["InvoiceSettled", "InvoiceExpired"], changed.At("authorizedEvents", "specificEvents").EnumerateArray().Select(static name => name.GetString()!), StringComparer.Ordinal);
        Assert.False((await Client.GetAsync(path)).Body.TryGetProperty("secret", out _));

        var stripe = new StripeClient(server.Client, server.SecretKey);
        var theirs = (await stripe.PostAsync("/v1/webhook_endpoints", "url=http://127.0.0.1:9/c&enabled_events[]=*")).Text("id");
        Assert.DoesNotContain(made.Text("id"), (await stripe.GetAsync("/v1/webhook_endpoints")).Ids, StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stripe.DeleteAsync($"/v1/webhook_endpoints/{made.Text("id")}")).Status);
        Assert.DoesNotContain(theirs, (await Client.GetAsync($"/stores/{store}/webhooks")).Body.EnumerateArray().Select(static hook => hook.GetProperty("id").GetString()!), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"/stores/{store}/webhooks/{theirs}")).Status);

        Assert.Equal(HttpStatusCode.OK, (await Client.DeleteAsync(path)).Status);
        Assert.Equal((HttpStatusCode.NotFound, "webhook-not-found"), ((await Client.GetAsync(path)).Status, (await Client.GetAsync(path)).Code));
    }

    [Theory]
    [InlineData("""{"url":"ftp://shop.example/"}""", "url")]
    [InlineData("""{"url":"http://10.0.0.1/"}""", "url")]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url":"http://127.0.0.1/","secret":"short"}""", "secret")]
    [InlineData("""{"url":"http://127.0.0.1/","authorizedEvents":{"everything":false,"specificEvents":["a b"]}}""", "authorizedEvents.specificEvents")]
    public async Task A_webhook_that_cannot_be_is_refused(string body, string path)
    {
        var refused = await Client.PostAsync("/stores/store_main/webhooks", body);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, path), (refused.Status, refused.Paths.Single()));
    }

    private async Task<string> StoreAsync() => (await Client.PostAsync("/stores", """{"name":"Hooks"}""")).Text("id");

    private static JsonElement Parse(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
