using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Server.Risk;

namespace Tributary.Server.Tests.Risk;

/// <summary>What merchants say over HTTP becomes labels, and reviews close with their payment.</summary>
public sealed class RiskLabelsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reviewed_payment_that_is_cancelled_as_fraud_is_a_bad_outcome_and_closes_its_review()
    {
        var before = server.Services.GetRequiredService<RiskService>().Engine.ConfirmedBadOutcomes;
        var held = await SendAsync(HttpMethod.Post, "/v1/payment_intents", "amount=1500&currency=eur&confirm=true&payment_method=pm_card_riskLevelElevated");
        var review = held.GetProperty("review").GetString();
        await SendAsync(HttpMethod.Post, $"/v1/payment_intents/{held.GetProperty("id")}/cancel", "cancellation_reason=fraudulent");
        for (var tries = 0; tries < 600; tries++)
        {
            var found = await SendAsync(HttpMethod.Get, $"/v1/reviews/{review}", null);
            if (!found.GetProperty("open").GetBoolean() && server.Services.GetRequiredService<RiskService>().Engine.ConfirmedBadOutcomes == before + 1)
            {
                Assert.Equal("refunded_as_fraud", found.GetProperty("closed_reason").GetString());
                return;
            }

            await Task.Delay(100, Cancelled);
        }

        Assert.Fail("The cancellation never became a label.");
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? form)
    {
        using var request = new HttpRequestMessage(method, path);
        if (form is not null)
            request.Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", server.SecretKey);
        using var response = await server.Client.SendAsync(request, Cancelled);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return document.RootElement.Clone();
    }
}
