using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Tributary.Server.Tests.Stripe;

/// <summary>Blocks and reviews over HTTP, with the numbers that Stripe publishes for them.</summary>
public sealed class ReviewRoutesTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_blocked_card_is_declined_without_a_word_of_why_and_the_merchant_sees_the_outcome()
    {
        var (status, body) = await PostAsync("/v1/payment_intents", "amount=500&currency=eur&confirm=true&payment_method=pm_card_radarBlock");
        Assert.Equal(HttpStatusCode.PaymentRequired, status);
        var error = body.GetProperty("error");
        Assert.Equal("card_declined fraudulent Your card was declined.", $"{error.GetProperty("code")} {error.GetProperty("decline_code")} {error.GetProperty("message")}");
        var outcome = error.GetProperty("payment_intent").GetProperty("tributary").GetProperty("outcome");
        Assert.Equal("blocked not_sent_to_network highest", $"{outcome.GetProperty("type")} {outcome.GetProperty("network_status")} {outcome.GetProperty("risk_level")}");
        Assert.StartsWith("dec_", outcome.GetProperty("tributary").GetProperty("decision").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_payment_of_elevated_risk_is_held_listed_and_taken_when_a_person_approves()
    {
        var (_, held) = await PostAsync("/v1/payment_intents", "amount=1500&currency=eur&confirm=true&payment_method=pm_card_riskLevelElevated");
        Assert.Equal("requires_capture", held.GetProperty("status").GetString());
        var id = held.GetProperty("review").GetString()!;
        var (_, list) = await SendAsync(HttpMethod.Get, "/v1/reviews?limit=100", null);
        var listed = list.GetProperty("data").EnumerateArray().Single(review => review.GetProperty("id").ValueEquals(id));
        Assert.True(listed.GetProperty("open").GetBoolean());
        Assert.Equal(held.GetProperty("id").GetString(), listed.GetProperty("payment_intent").GetString());

        var (status, approved) = await PostAsync($"/v1/reviews/{id}/approve", "");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("approved False", $"{approved.GetProperty("closed_reason")} {approved.GetProperty("open").GetBoolean()}");
        var (again, refused) = await PostAsync($"/v1/reviews/{id}/approve", "");
        Assert.Equal((HttpStatusCode.BadRequest, "review_closed"), (again, refused.GetProperty("error").GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, "/v1/reviews/prv_none", null)).Status);

        for (var tries = 0; ; tries++)
        {
            var (_, intent) = await SendAsync(HttpMethod.Get, $"/v1/payment_intents/{held.GetProperty("id")}", null);
            if (intent.GetProperty("status").ValueEquals("succeeded"))
                break;
            Assert.True(tries < 600, intent.GetRawText());
            await Task.Delay(100, Cancelled);
        }

        foreach (var (kind, isOpen) in ((string, bool)[])[("review.opened", true), ("review.closed", false)])
        {
            // Events are listed once they have their number, a moment after what they tell of.
            List<JsonElement> told;
            do
                told = [.. (await EventsOfAsync(kind)).Where(one => one.GetProperty("id").ValueEquals(id))];
            while (told.Count == 0);
            Assert.Equal(("review", isOpen), (Assert.Single(told).GetProperty("object").GetString(), told[0].GetProperty("open").GetBoolean()));
        }

        async Task<List<JsonElement>> EventsOfAsync(string kind)
        {
            await Task.Delay(50, Cancelled);
            var (_, events) = await SendAsync(HttpMethod.Get, $"/v1/events?limit=100&type={kind}", null);
            return [.. events.GetProperty("data").EnumerateArray().Select(static one => one.GetProperty("data").GetProperty("object"))];
        }
    }

    [Fact]
    public async Task Clues_about_the_payer_are_taken_and_a_broken_address_is_named()
    {
        var (status, _) = await PostAsync(
            "/v1/payment_intents",
            "amount=500&currency=eur&confirm=true&payment_method=pm_card_visa&tributary[payer][ip_address]=203.0.113.7&tributary[payer][device]=d1&tributary[payer][authenticated]=true");
        Assert.Equal(HttpStatusCode.OK, status);
        var (bad, body) = await PostAsync("/v1/payment_intents", "amount=500&currency=eur&confirm=true&payment_method=pm_card_visa&tributary[payer][ip_address]=nowhere");
        Assert.Equal(HttpStatusCode.BadRequest, bad);
        Assert.Contains("ip_address", body.GetProperty("error").GetProperty("param").GetString(), StringComparison.Ordinal);
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, string form) =>
        SendAsync(HttpMethod.Post, path, new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")));

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.SecretKey);
        using var response = await server.Client.SendAsync(request, Cancelled);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return (response.StatusCode, document.RootElement.Clone());
    }
}
