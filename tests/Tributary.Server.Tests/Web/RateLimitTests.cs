using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Tributary.Payments.Access;
using Tributary.Payments.Identifiers;
using Tributary.Server.Payments;
using Tributary.Server.Stripe;
using Tributary.Storage.Relational;

namespace Tributary.Server.Tests.Web;

/// <summary>
/// Who asks too often is told so in the dialect that was spoken, and nobody else is. Buckets refill all the time, so something beside the test empties
/// them again and again until a request meets an empty one.
/// </summary>
public sealed class RateLimitTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Stranger = "127.0.0.1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private StripeLimits Limits => server.Services.GetRequiredService<StripeLimits>();

    [Fact]
    public async Task A_key_that_asks_too_often_waits_and_another_key_does_not()
    {
        var first = await IssueAsync();
        var second = await IssueAsync();
        await using var drain = new Drain(() => Limits.TryKey(first.Key.Id));
        var refused = await RefusedAsync(() => AskAsync("/v1/balance", "Bearer", first.Secret));
        Assert.Equal("1", refused.RetryAfter);
        Assert.Equal("global-rate", refused.Reason);
        Assert.Equal("rate_limit", refused.Body.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", refused.Body.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains("rate limit", refused.Body.GetProperty("error").GetProperty("message").GetString(), StringComparison.OrdinalIgnoreCase);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync("/v1/balance", "Bearer", second.Secret)).Status);
    }

    [Fact]
    public async Task A_key_of_the_other_dialect_that_asks_too_often_waits_and_another_key_does_not()
    {
        var (id, secret) = await IssueGreenfieldAsync();
        var (_, other) = await IssueGreenfieldAsync();
        await using var drain = new Drain(() => Limits.TryKey(id));
        var refused = await RefusedAsync(() => AskAsync("/api/v1/api-keys/current", "token", secret));
        Assert.Equal("1", refused.RetryAfter);
        Assert.Equal("too-many-requests", refused.Body.GetProperty("code").GetString());
        Assert.NotEmpty(refused.Body.GetProperty("message").GetString()!);
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync("/api/v1/api-keys/current", "token", other)).Status);
    }

    [Fact]
    public async Task An_address_that_guesses_keys_waits_in_both_dialects_and_a_right_key_from_there_does_not()
    {
        var right = await IssueAsync();
        await using var drain = new Drain(() => Limits.TryStranger(Stranger));
        var stripe = await RefusedAsync(() => AskAsync("/v1/balance", "Bearer", "sk_test_wrong"));
        Assert.Equal(("1", "rate_limit"), (stripe.RetryAfter, stripe.Body.GetProperty("error").GetProperty("code").GetString()));
        var greenfield = await RefusedAsync(() => AskAsync("/api/v1/api-keys/current", "token", "wrong"));
        Assert.Equal(("1", "too-many-requests"), (greenfield.RetryAfter, greenfield.Body.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("/v1/balance", "Bearer", right.Secret)).Status);
    }

    private static async Task<Answer> RefusedAsync(Func<Task<Answer>> ask)
    {
        while (true)
        {
            if (await ask() is { Status: HttpStatusCode.TooManyRequests } refused)
                return refused;
        }
    }

    private async Task<Answer> AskAsync(string path, string scheme, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, secret);
        using var response = await server.Client.SendAsync(request, Token);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return new Answer(
            response.StatusCode,
            response.Headers.TryGetValues("Retry-After", out var after) ? string.Join(',', after) : null,
            response.Headers.TryGetValues("Stripe-Rate-Limited-Reason", out var reason) ? string.Join(',', reason) : null,
            document.RootElement.Clone());
    }

    private async Task<IssuedApiKey> IssueAsync()
    {
        var store = new ApiKeyStore(server.Services.GetRequiredService<ObjectIds>(), TimeProvider.System);
        return await server.Services.GetRequiredService<IDatabase>().WriteAsync((transaction, token) => store.IssueAsync(transaction, PaymentStart.FirstStore, isLive: false, token), Token);
    }

    private async Task<(string Id, string Secret)> IssueGreenfieldAsync()
    {
        var keys = server.Services.GetRequiredService<Tributary.Server.Greenfield.Access.GreenfieldKeyStore>();
        var (key, secret) = await server.Services.GetRequiredService<IDatabase>().WriteAsync(
            (transaction, token) => keys.IssueAsync(transaction, Tributary.Server.Greenfield.Access.GreenfieldUser.OperatorId, "test", null, [], token), Token);
        return (key.Id, secret);
    }

    private sealed record Answer(HttpStatusCode Status, string? RetryAfter, string? Reason, JsonElement Body);

    /// <summary>Empties a bucket until it is disposed of.</summary>
    private sealed class Drain : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Drain(Func<bool> take) => _running = Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                while (take())
                {
                }

                await Task.Delay(1);
            }
        });

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _stop.Dispose();
        }
    }
}
