using System.Net.Http.Headers;
using System.Text.Json;

namespace Tributary.Cli.Demo;

/// <summary>A shop's server as the API sees it: form-encoded requests with a secret key, as Stripe's clients send them.</summary>
internal sealed class ShopClient : IDisposable
{
    private readonly HttpClient _http;

    internal ShopClient(Uri address, string secretKey)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secretKey);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Changes something.</summary>
    internal async Task<JsonElement> PostAsync(string path, CancellationToken cancellationToken, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await _http.SendAsync(request, cancellationToken);
        return await ReadAsync(path, answer, cancellationToken);
    }

    /// <summary>Looks something up.</summary>
    internal async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return await ReadAsync(path, answer, cancellationToken);
    }

    private static async Task<JsonElement> ReadAsync(string path, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        var root = document.RootElement.Clone();
        if (answer.IsSuccessStatusCode)
            return root;
        var message = root.TryGetProperty("error", out var error) && error.TryGetProperty("message", out var text) ? text.GetString() : root.GetRawText();
        throw new DemoException($"{path} answers {(int)answer.StatusCode}: {message}");
    }
}
