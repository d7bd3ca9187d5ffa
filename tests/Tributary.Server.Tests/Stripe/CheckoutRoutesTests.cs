using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tributary.Server.Tests.Stripe;

/// <summary>Checkout sessions and payment links over HTTP, in the form in which Stripe's clients send them.</summary>
public sealed class CheckoutRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Tea = "line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=1250&line_items[0][price_data][product_data][name]=Tea&line_items[0][quantity]=2";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_is_created_read_listed_paid_and_told_of()
    {
        var created = await PostAsync("/v1/checkout/sessions", $"mode=payment&{Tea}&success_url=https://shop.example/ok?s={{CHECKOUT_SESSION_ID}}&client_reference_id=17&metadata[a]=b&customer_email=ann@shop.example");
        Assert.Equal(HttpStatusCode.OK, created.Status);
        var id = created.Text("id");
        Assert.StartsWith("cs_test_", id, StringComparison.Ordinal);
        Assert.Equal(("open", "unpaid", 2500L), (created.Text("status"), created.Text("payment_status"), created.Body.GetProperty("amount_total").GetInt64()));
        Assert.StartsWith($"{server.Address}c/{id}/", created.Text("url"), StringComparison.Ordinal);
        Assert.Equal("https://shop.example/ok?s={CHECKOUT_SESSION_ID}", created.Text("success_url"));

        var lines = await GetAsync($"/v1/checkout/sessions/{id}/line_items");
        var line = lines.Body.GetProperty("data")[0];
        Assert.Equal(("Tea", 2, 2500), (line.GetProperty("description").GetString(), line.GetProperty("quantity").GetInt32(), line.GetProperty("amount_total").GetInt32()));

        var intent = created.Text("payment_intent");
        Assert.Equal("succeeded", (await PostAsync($"/v1/payment_intents/{intent}/confirm", "payment_method=pm_card_visa")).Text("status"));
        var paid = await GetAsync($"/v1/checkout/sessions/{id}?expand[]=payment_intent&expand[]=line_items");
        Assert.Equal(("complete", "paid"), (paid.Text("status"), paid.Text("payment_status")));
        Assert.Equal(JsonValueKind.Null, paid.Body.GetProperty("url").ValueKind);
        Assert.Equal(intent, paid.Body.GetProperty("payment_intent").GetProperty("id").GetString());
        Assert.Equal(1, paid.Body.GetProperty("line_items").GetProperty("data").GetArrayLength());
        Assert.Equal(id, (await GetAsync($"/v1/checkout/sessions?payment_intent={intent}")).Body.GetProperty("data")[0].GetProperty("id").GetString());

        var told = await WaitForEventAsync("checkout.session.completed", id);
        Assert.Equal("paid", told.GetProperty("payment_status").GetString());
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_session()
    {
        var first = await PostAsync("/v1/checkout/sessions", Tea, "order-17");
        var again = await PostAsync("/v1/checkout/sessions", Tea, "order-17");
        Assert.Equal(first.Raw, again.Raw);
    }

    [Fact]
    public async Task An_open_session_expires_once()
    {
        var id = (await PostAsync("/v1/checkout/sessions", Tea)).Text("id");
        Assert.Equal("expired", (await PostAsync($"/v1/checkout/sessions/{id}/expire", "")).Text("status"));
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync($"/v1/checkout/sessions/{id}/expire", "")).Status);
    }

    [Fact]
    public async Task A_link_is_created_listed_and_closed()
    {
        var created = await PostAsync("/v1/payment_links", Tea + "&after_completion[type]=redirect&after_completion[redirect][url]=https://shop.example/thanks");
        var id = created.Text("id");
        Assert.Equal($"{server.Address}l/{id}", created.Text("url"));
        Assert.Equal("https://shop.example/thanks", created.Body.GetProperty("after_completion").GetProperty("redirect").GetProperty("url").GetString());
        Assert.Equal(1, (await GetAsync($"/v1/payment_links/{id}/line_items")).Body.GetProperty("data").GetArrayLength());
        Assert.False((await PostAsync($"/v1/payment_links/{id}", "active=false")).Body.GetProperty("active").GetBoolean());
        Assert.DoesNotContain(id, (await GetAsync("/v1/payment_links?active=true")).Raw, StringComparison.Ordinal);
        Assert.Contains(id, (await GetAsync("/v1/payment_links?active=false")).Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mode=subscription&" + Tea, "mode")]
    [InlineData("mode=payment", "line_items")]
    [InlineData("line_items[0][price]=price_1", "line_items[0][price]")]
    [InlineData("line_items[0][price_data][currency]=xyz&line_items[0][price_data][unit_amount]=1&line_items[0][price_data][product_data][name]=Tea", "line_items[0][price_data][currency]")]
    [InlineData("line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=0&line_items[0][price_data][product_data][name]=Tea", "line_items[0][price_data][unit_amount]")]
    [InlineData("line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=99999999&line_items[0][price_data][product_data][name]=Tea&line_items[0][quantity]=2", "line_items")]
    [InlineData(Tea + "&line_items[1][price_data][currency]=usd&line_items[1][price_data][unit_amount]=1&line_items[1][price_data][product_data][name]=Cup", "line_items[1][price_data][currency]")]
    [InlineData(Tea + "&success_url=javascript:alert(1)", "success_url")]
    [InlineData(Tea + "&expires_at=1", "expires_at")]
    [InlineData(Tea + "&customer_email=nobody", "customer_email")]
    [InlineData(Tea + "&sucess_url=https://shop.example/", "sucess_url")]
    public async Task What_is_wrong_is_named(string form, string parameter)
    {
        var refused = await PostAsync("/v1/checkout/sessions", form);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(parameter, refused.Body.GetProperty("error").GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("POST", "/v1/checkout/sessions")]
    [InlineData("GET", "/v1/checkout/sessions")]
    [InlineData("GET", "/v1/checkout/sessions/cs_x")]
    [InlineData("GET", "/v1/checkout/sessions/cs_x/line_items")]
    [InlineData("POST", "/v1/checkout/sessions/cs_x/expire")]
    [InlineData("POST", "/v1/payment_links")]
    [InlineData("GET", "/v1/payment_links")]
    [InlineData("GET", "/v1/payment_links/plink_x")]
    [InlineData("GET", "/v1/payment_links/plink_x/line_items")]
    [InlineData("POST", "/v1/payment_links/plink_x")]
    public async Task Every_route_asks_for_a_key(string method, string path) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(new HttpMethod(method), path, null, "sk_test_wrong")).Status);

    private async Task<JsonElement> WaitForEventAsync(string kind, string objectId)
    {
        while (true)
        {
            foreach (var told in (await GetAsync($"/v1/events?type={kind}")).Body.GetProperty("data").EnumerateArray())
            {
                var about = told.GetProperty("data").GetProperty("object");
                if (string.Equals(about.GetProperty("id").GetString(), objectId, StringComparison.Ordinal))
                    return about;
            }

            await Task.Delay(50, Cancelled);
        }
    }

    private Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, server.SecretKey);

    private async Task<Reply> PostAsync(string path, string form, string? key = null)
    {
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        return await SendAsync(HttpMethod.Post, path, content, server.SecretKey, key);
    }

    private async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, string secret, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        using var response = await server.Client.SendAsync(request, Cancelled);
        var raw = await response.Content.ReadAsStringAsync(Cancelled);
        using var document = JsonDocument.Parse(raw);
        return new Reply(response.StatusCode, document.RootElement.Clone(), raw);
    }

    private sealed record Reply(HttpStatusCode Status, JsonElement Body, string Raw)
    {
        public string Text(string name) => Body.GetProperty(name).GetString()!;
    }
}
