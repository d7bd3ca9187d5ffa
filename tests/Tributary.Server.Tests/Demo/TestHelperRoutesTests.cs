using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Tributary.Server.Tests.Demo;

/// <summary>Bitcoin payments over HTTP, from the confirmation to the books, with the demo wallet as the shopper.</summary>
public sealed class TestHelperRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_server_takes_a_lightning_payment_in_euro()
    {
        var confirmed = await PostAsync("/v1/payment_intents", "amount=2500&currency=eur&confirm=true&payment_method_data[type]=lightning");
        Assert.Equal("requires_action", Text(confirmed, "status"));
        var lightning = confirmed.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("lightning");
        Assert.StartsWith("lnbcrt416670n", Text(lightning, "invoice"), StringComparison.Ordinal);

        // 25 EUR at 60,000 EUR, rounded up to a whole satoshi.
        Assert.Equal("41667000", Text(lightning, "amount_msat"));
        var paid = await PostAsync($"/v1/test_helpers/payment_intents/{Text(confirmed, "id")}/pay", "");
        Assert.Equal(("succeeded", 2500L), (Text(paid, "status"), paid.GetProperty("amount_received").GetInt64()));
    }

    [Fact]
    public async Task A_held_payment_waits_for_its_capture()
    {
        var confirmed = await PostAsync("/v1/payment_intents", "amount=1000&currency=usd&capture_method=manual&confirm=true&payment_method_data[type]=lightning");
        var id = Text(confirmed, "id");
        var held = await PostAsync($"/v1/test_helpers/payment_intents/{id}/pay", "");
        Assert.Equal(("requires_capture", 1000L), (Text(held, "status"), held.GetProperty("amount_capturable").GetInt64()));
        await PostAsync($"/v1/payment_intents/{id}/capture", "amount_to_capture=400");
        await WaitAsync(id, "succeeded");
    }

    [Fact]
    public async Task Too_little_on_chain_asks_for_the_rest_over_any_rail()
    {
        var confirmed = await PostAsync("/v1/payment_intents", "amount=5000&currency=eur&confirm=true&payment_method_data[type]=bitcoin");
        var id = Text(confirmed, "id");
        var part = await PostAsync($"/v1/test_helpers/payment_intents/{id}/pay", "amount=20000");
        Assert.Equal(("requires_action", 3800L), (Text(part, "status"), part.GetProperty("tributary").GetProperty("amount_remaining").GetInt64()));
        var rest = await PostAsync($"/v1/payment_intents/{id}/confirm", "payment_method_data[type]=lightning");
        Assert.Equal("63334000", Text(rest.GetProperty("next_action").GetProperty("display_bitcoin_instructions").GetProperty("lightning"), "amount_msat"));
        await PostAsync($"/v1/test_helpers/payment_intents/{id}/pay", "payment_method_type=lightning");
        var mined = await PostAsync("/v1/test_helpers/blocks", "count=1");
        Assert.True(mined.GetProperty("height").GetInt32() > 0);
        await WaitAsync(id, "succeeded");
    }

    [Theory]
    [InlineData("pay", "amount=0", "amount")]
    [InlineData("pay", "amount=x", "amount")]
    [InlineData("pay", "payment_method_type=cash", "payment_method_type")]
    [InlineData("pay", "coins=1", "coins")]
    [InlineData("blocks", "count=0", "count")]
    [InlineData("blocks", "count=1001", "count")]
    [InlineData("channels", "amount=0", "amount")]
    [InlineData("invoices", "amount_msat=-1", "amount_msat")]
    public async Task A_wrong_parameter_is_named(string what, string form, string parameter)
    {
        var path = what is "pay" ? $"/v1/test_helpers/payment_intents/{Text(await PostAsync("/v1/payment_intents", "amount=100&currency=eur"), "id")}/pay" : $"/v1/test_helpers/{what}";
        var (status, body) = await SendAsync(HttpMethod.Post, path, form, server.SecretKey);
        Assert.Equal((HttpStatusCode.BadRequest, parameter), (status, Text(body.GetProperty("error"), "param")));
    }

    [Fact]
    public async Task What_nobody_has_confirmed_cannot_be_paid()
    {
        var created = await PostAsync("/v1/payment_intents", "amount=100&currency=eur");
        var (status, body) = await SendAsync(HttpMethod.Post, $"/v1/test_helpers/payment_intents/{Text(created, "id")}/pay", "", server.SecretKey);
        Assert.Equal((HttpStatusCode.BadRequest, "payment_intent_unexpected_state"), (status, Text(body.GetProperty("error"), "code")));
        (status, _) = await SendAsync(HttpMethod.Post, "/v1/test_helpers/payment_intents/pi_unknown/pay", "", server.SecretKey);
        Assert.Equal(HttpStatusCode.NotFound, status);
        (status, _) = await SendAsync(HttpMethod.Post, "/v1/test_helpers/blocks", "", "sk_test_wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task The_nodes_channels_and_payments_survive_a_restart()
    {
        var before = await PostAsync("/v1/payment_intents", "amount=700&currency=eur&confirm=true&payment_method_data[type]=lightning");
        await server.RestartAsync();
        var paid = await PostAsync($"/v1/test_helpers/payment_intents/{Text(before, "id")}/pay", "");
        Assert.Equal("succeeded", Text(paid, "status"));
    }

    [Fact]
    public async Task An_invoice_of_the_shopper_can_be_asked_for()
    {
        var made = await PostAsync("/v1/test_helpers/invoices", "amount_msat=5000&description=Refund");
        Assert.StartsWith("lnbcrt50n", Text(made, "invoice"), StringComparison.Ordinal);
        Assert.Equal("open", Text(await GetAsync($"/v1/test_helpers/invoices/{Text(made, "id")}"), "status"));
        var (status, _) = await SendAsync(HttpMethod.Get, $"/v1/test_helpers/invoices/{new string('0', 64)}", null, server.SecretKey);
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private async Task WaitAsync(string id, string status)
    {
        while (!string.Equals(Text(await GetAsync($"/v1/payment_intents/{id}"), "status"), status, StringComparison.Ordinal))
            await Task.Delay(20, Cancelled);
    }

    private async Task<JsonElement> PostAsync(string path, string form) => Ok(await SendAsync(HttpMethod.Post, path, form, server.SecretKey));

    private async Task<JsonElement> GetAsync(string path) => Ok(await SendAsync(HttpMethod.Get, path, null, server.SecretKey));

    private static JsonElement Ok((HttpStatusCode Status, JsonElement Body) answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.GetRawText());
        return answer.Body;
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? form, string key)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (form is not null)
            request.Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        using var answer = await server.Client.SendAsync(request, Cancelled);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        return (answer.StatusCode, document.RootElement.Clone());
    }
}
