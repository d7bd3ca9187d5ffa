using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tributary.Server.Tests.Stripe;

/// <summary>Stripe's dialect over HTTP, as a client without a library speaks it.</summary>
public sealed class PaymentIntentRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_intent_is_created_confirmed_and_read_back()
    {
        var created = await PostAsync("/v1/payment_intents", "amount=2500&currency=eur&metadata[order]=17&payment_method_types[]=card");
        Assert.Equal(HttpStatusCode.OK, created.Status);
        Assert.Equal("requires_payment_method", created.Text("status"));
        Assert.Equal("17", created.Body.GetProperty("metadata").GetProperty("order").GetString());
        Assert.StartsWith(created.Text("id") + "_secret_", created.Text("client_secret"), StringComparison.Ordinal);

        var paid = await PostAsync($"/v1/payment_intents/{created.Text("id")}/confirm", "payment_method=pm_card_visa");
        Assert.Equal("succeeded", paid.Text("status"));
        Assert.Equal(2500, paid.Body.GetProperty("amount_received").GetInt64());
        var read = await GetAsync($"/v1/payment_intents/{created.Text("id")}");
        Assert.Equal(paid.Body.GetRawText(), read.Body.GetRawText());
    }

    [Fact]
    public async Task A_json_body_says_the_same_as_a_form()
    {
        using var body = new StringContent("""{"amount":700,"currency":"usd","confirm":true,"payment_method":"pm_card_mastercard","metadata":{"a":"b"}}""", Encoding.UTF8, "application/json");
        var created = await SendAsync(HttpMethod.Post, "/v1/payment_intents", body, server.SecretKey);
        Assert.Equal("succeeded", created.Text("status"));
        Assert.Equal("b", created.Body.GetProperty("metadata").GetProperty("a").GetString());
    }

    [Fact]
    public async Task A_decline_is_a_card_error_with_the_intent_and_the_reason()
    {
        var declined = await PostAsync("/v1/payment_intents", "amount=500&currency=eur&confirm=true&payment_method=pm_card_chargeDeclinedInsufficientFunds");
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.Status);
        var error = declined.Body.GetProperty("error");
        Assert.Equal("card_error", error.GetProperty("type").GetString());
        Assert.Equal("insufficient_funds", error.GetProperty("decline_code").GetString());
        Assert.Equal("requires_payment_method", error.GetProperty("payment_intent").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Money_is_held_captured_in_part_and_a_second_capture_is_refused()
    {
        var held = await PostAsync("/v1/payment_intents", "amount=1000&currency=eur&capture_method=manual&confirm=true&payment_method=pm_card_visa");
        Assert.Equal("requires_capture", held.Text("status"));
        Assert.Equal(1000, held.Body.GetProperty("amount_capturable").GetInt64());
        Assert.NotEqual(JsonValueKind.Null, held.Body.GetProperty("tributary").GetProperty("capture_before").ValueKind);
        var captured = await PostAsync($"/v1/payment_intents/{held.Text("id")}/capture", "amount_to_capture=600");
        Assert.Equal(HttpStatusCode.OK, captured.Status);
        var done = await WaitAsync(held.Text("id"), "succeeded");
        Assert.Equal(600, done.Body.GetProperty("amount_received").GetInt64());
        var again = await PostAsync($"/v1/payment_intents/{held.Text("id")}/capture", "");
        Assert.Equal("payment_intent_unexpected_state", again.Body.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_answer_and_another_one_under_its_key_an_error()
    {
        var key = Guid.CreateVersion7().ToString();
        var first = await PostAsync("/v1/payment_intents", "amount=900&currency=eur", key);
        var again = await PostAsync("/v1/payment_intents", "amount=900&currency=eur", key);
        Assert.Equal(first.Raw, again.Raw);
        var other = await PostAsync("/v1/payment_intents", "amount=901&currency=eur", key);
        Assert.Equal(HttpStatusCode.BadRequest, other.Status);
        Assert.Equal("idempotency_error", other.Body.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Twins_that_race_create_one_intent()
    {
        var key = Guid.CreateVersion7().ToString();
        const string form = "amount=901&currency=eur&confirm=true&payment_method=pm_card_visa&metadata[twin]=yes";
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostAsync("/v1/payment_intents", form, key)));
        Assert.All(answers, static answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict));
        Assert.Single(answers.Where(static answer => answer.Status == HttpStatusCode.OK).Select(static answer => answer.Text("id")).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_refused_request_leaves_its_key_free()
    {
        var key = Guid.CreateVersion7().ToString();
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/v1/payment_intents", "amount=-1&currency=eur", key)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/v1/payment_intents", "amount=1&currency=eur", key)).Status);
    }

    [Theory]
    [InlineData("currency=eur", "parameter_missing", "amount")]
    [InlineData("amount=10", "parameter_missing", "currency")]
    [InlineData("amount=ten&currency=eur", "parameter_invalid_integer", "amount")]
    [InlineData("amount=99999999999999999999&currency=eur", "parameter_invalid_integer", "amount")]
    [InlineData("amount=100000000&currency=eur", "amount_too_large", "amount")]
    [InlineData("amount=0&currency=eur", "parameter_invalid_integer", "amount")]
    [InlineData("amount=10&currency=xyz", "parameter_invalid", "currency")]
    [InlineData("amount=10&currency=eur&captur_method=manual", "parameter_unknown", "captur_method")]
    [InlineData("amount=10&currency=eur&payment_method_types[]=cheque", "parameter_invalid", "payment_method_types")]
    [InlineData("amount=10&currency=eur&payment_method_data[type]=card&payment_method_data[card][number]=4539578763621486&confirm=true", "card_number_not_accepted", "payment_method_data[card][number]")]
    public async Task What_is_wrong_is_named(string form, string code, string parameter)
    {
        var refused = await PostAsync("/v1/payment_intents", form);
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        var error = refused.Body.GetProperty("error");
        Assert.Equal((code, parameter), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.DoesNotContain("4539578763621486", refused.Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest")]
    [InlineData("http://10.0.0.7/hooks")]
    [InlineData("http://[::ffff:192.168.1.1]/hooks")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://user:word@shop.example/hooks")]
    [InlineData("/hooks")]
    public async Task A_webhook_into_the_network_behind_us_is_refused(string url)
    {
        var refused = await PostAsync("/v1/webhook_endpoints", $"url={Uri.EscapeDataString(url)}&enabled_events[]=*");
        Assert.Equal((HttpStatusCode.BadRequest, "url"), (refused.Status, refused.Body.GetProperty("error").GetProperty("param").GetString()));
    }

    [Theory]
    [InlineData("payment_method_types[]=card&payment_method_data[type]=lightning")]
    [InlineData("payment_method_data[type]=card&payment_method_data[card][number]=1")]
    [InlineData("payment_method=pm_unknown")]
    public async Task A_refused_confirmation_creates_nothing(string method)
    {
        var customer = (await PostAsync("/v1/customers", "name=Ada")).Text("id");
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/v1/payment_intents", $"amount=5&currency=eur&confirm=true&customer={customer}&{method}")).Status);
        Assert.Empty(Ids(await GetAsync($"/v1/payment_intents?customer={customer}")));
    }

    [Fact]
    public async Task Lists_are_paged_both_ways()
    {
        var customer = (await PostAsync("/v1/customers", "name=Ada")).Text("id");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Insert(0, (await PostAsync("/v1/payment_intents", $"amount={100 + i}&currency=eur&customer={customer}")).Text("id"));

        var first = await GetAsync($"/v1/payment_intents?limit=2&customer={customer}");
        Assert.Equal(ids[..2], Ids(first));
        Assert.True(first.Body.GetProperty("has_more").GetBoolean());
        var rest = await GetAsync($"/v1/payment_intents?limit=10&customer={customer}&starting_after={ids[1]}");
        Assert.Equal(ids[2..], Ids(rest));
        Assert.False(rest.Body.GetProperty("has_more").GetBoolean());
        var before = await GetAsync($"/v1/payment_intents?limit=2&customer={customer}&ending_before={ids[4]}");
        Assert.Equal(ids[2..4], Ids(before));
    }

    [Theory]
    [InlineData("payment_intents")]
    [InlineData("charges")]
    [InlineData("customers")]
    [InlineData("refunds")]
    [InlineData("payouts")]
    [InlineData("disputes")]
    [InlineData("events")]
    [InlineData("reviews")]
    [InlineData("checkout/sessions")]
    [InlineData("balance_transactions")]
    public async Task Lists_know_the_time_of_creation(string list)
    {
        var paid = await PostAsync("/v1/payment_intents", "amount=1200&currency=eur&confirm=true&payment_method=pm_card_visa");
        await PostAsync("/v1/customers", "name=Ada");
        var at = paid.Body.GetProperty("created").GetInt64();
        var all = await GetAsync($"/v1/{list}?created[gte]={at - 86_400}&created[lt]={at + 86_400}");
        Assert.Equal(HttpStatusCode.OK, all.Status);
        foreach (var outside in (string[])[$"created[gt]={at + 86_400}", $"created[lte]={at - 86_400}", $"created[gte]={long.MaxValue}", $"created[lt]={at - 86_400}&created[gte]=0", $"created={at - 86_400}"])
            Assert.Empty(Ids(await GetAsync($"/v1/{list}?{outside}")));
        var wrong = await GetAsync($"/v1/{list}?created[since]=1");
        Assert.Equal((HttpStatusCode.BadRequest, "created[since]"), (wrong.Status, wrong.Body.GetProperty("error").GetProperty("param").GetString()));
        if (list is not ("payment_intents" or "charges" or "customers" or "events" or "balance_transactions"))
            return;

        // Everything is numbered and listed a moment after it was done.
        for (var tries = 0; (all = await GetAsync($"/v1/{list}?created[gte]={at}")) is var now && Ids(now).Count == 0; tries++)
        {
            Assert.True(tries < 300, $"Nothing in {list}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        var second = all.Body.GetProperty("data")[0].GetProperty("created").GetInt64();
        Assert.NotEmpty(Ids(await GetAsync($"/v1/{list}?created={second}")));
        Assert.NotEmpty(Ids(await GetAsync($"/v1/{list}?created[gt]={second - 1}&created[lte]={second}")));
    }

    [Fact]
    public void Payments_and_keys_are_read_by_the_servers_user_alone()
    {
        var files = server.DataFiles.Where(static file => Path.GetFileName(file) is var name && (name.StartsWith("payments.db", StringComparison.Ordinal) || name.EndsWith("-key", StringComparison.Ordinal))).ToList();
        Assert.True(files.Count >= 2);
        foreach (var file in files)
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Basic_authentication_with_the_key_as_user_is_taken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/v1/payment_intents", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(server.SecretKey + ":")));
        using var response = await server.Client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task An_unknown_route_and_an_unknown_object_are_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("/v1/teapots")).Status);
        var missing = await GetAsync("/v1/payment_intents/pi_absent");
        Assert.Equal((HttpStatusCode.NotFound, "resource_missing"), (missing.Status, missing.Body.GetProperty("error").GetProperty("code").GetString()));
    }

    private async Task<Reply> WaitAsync(string id, string status)
    {
        while (true)
        {
            var reply = await GetAsync($"/v1/payment_intents/{id}");
            if (string.Equals(reply.Text("status"), status, StringComparison.Ordinal))
                return reply;
            await Task.Delay(50, Cancelled);
        }
    }

    private static List<string> Ids(Reply reply) => [.. reply.Body.GetProperty("data").EnumerateArray().Select(static item => item.GetProperty("id").GetString()!)];

    private Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, server.SecretKey);

    private async Task<Reply> PostAsync(string path, string form, string? key = null)
    {
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        return await SendAsync(HttpMethod.Post, path, content, server.SecretKey, key);
    }

    private async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, string? secret, string? key = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (secret is not null)
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
