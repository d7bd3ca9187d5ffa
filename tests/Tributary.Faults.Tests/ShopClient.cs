using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Tributary.Faults.Tests;

/// <summary>
/// A shop that lives longer than its server: a request without an answer is sent again under the same key until there is one, as Stripe's clients
/// do. It remembers every answer that it got.
/// </summary>
internal sealed class ShopClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);
    private readonly HttpClient _http;

    public ShopClient(ServerProcess server, bool isLive = false)
    {
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(30) }) { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", isLive ? server.LiveKey : server.Key);
    }

    /// <summary>What was answered: each of these must be remembered by the server for ever.</summary>
    public ConcurrentQueue<Acknowledged> Answers { get; } = new();

    /// <summary>How often a request had to be sent again.</summary>
    public int Repeats => _repeats;

    private int _repeats;

    /// <summary>Sends a request under a key until it is answered.</summary>
    public async Task<Acknowledged> PostAsync(string path, string form, CancellationToken cancellationToken)
    {
        var key = Guid.CreateVersion7().ToString();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            var sent = await TrySendAsync(HttpMethod.Post, path, form, key, cancellationToken);
            if (sent is var (status, body) && status is not (HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable))
            {
                Assert.True((int)status < 500, $"{path} {form}: {(int)status} {body}");
                var answer = new Acknowledged(path, form, key, status, body);
                Answers.Enqueue(answer);
                return answer;
            }

            Interlocked.Increment(ref _repeats);
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < s_patience, $"{path} {form} got no answer in {s_patience}; the last try said {sent}.");
            await Task.Delay(30, cancellationToken);
        }
    }

    /// <summary>Sends an answered request once more, under its key.</summary>
    public async Task<(HttpStatusCode Status, string Body)> RepeatAsync(Acknowledged answer, CancellationToken cancellationToken)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            if (await TrySendAsync(HttpMethod.Post, answer.Path, answer.Form, answer.Key, cancellationToken) is { } said)
                return said;
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < s_patience, $"{answer.Path} got no answer in {s_patience}.");
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>Reads until there is an answer; one that says that something is wrong counts where it is asked for.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken, bool isOpinion = false)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (true)
        {
            if (await TrySendAsync(HttpMethod.Get, path, null, null, cancellationToken) is var (status, body))
            {
                if (status is HttpStatusCode.OK || isOpinion)
                    return Parse(body);
                Assert.True(status is HttpStatusCode.ServiceUnavailable, $"{path}: {(int)status} {body}");
            }

            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < s_patience, $"{path} got no answer in {s_patience}.");
            await Task.Delay(50, cancellationToken);
        }
    }

    /// <summary>All of a list, page by page.</summary>
    public async Task<List<JsonElement>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var all = new List<JsonElement>();
        while (true)
        {
            var after = all.Count == 0 ? "" : $"&starting_after={all[^1].GetProperty("id").GetString()}";
            var page = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"{path}?limit=100{after}"), cancellationToken);
            all.AddRange(page.GetProperty("data").EnumerateArray());
            if (!page.GetProperty("has_more").GetBoolean())
                return all;
        }
    }

    public void Dispose() => _http.Dispose();

    internal static JsonElement Parse(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    private async Task<(HttpStatusCode Status, string Body)?> TrySendAsync(HttpMethod method, string path, string? form, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (form is not null)
            request.Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
