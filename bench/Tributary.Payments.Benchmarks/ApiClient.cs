using System.Net.Http.Headers;
using System.Text.Json;

namespace Tributary.Payments.Benchmarks;

/// <summary>A client of <c>/v1</c> that keeps its connections, as a shop's server does.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    internal ApiClient(Uri url, string secretKey)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 256 }) { BaseAddress = url };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secretKey);
    }

    internal Task<JsonDocument> GetAsync(string path) => ReadAsync(new HttpRequestMessage(HttpMethod.Get, path));

    internal Task<JsonDocument> PostAsync(string path, params IEnumerable<KeyValuePair<string, string>> form) =>
        ReadAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) });

    /// <summary>Sends a form and reads the answer to its end; false where it is no success.</summary>
    internal async Task<bool> TryPostAsync(string path, IEnumerable<KeyValuePair<string, string>> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        using var response = await _http.SendAsync(request);
        return response.IsSuccessStatusCode;
    }

    internal Task<string> GetPageAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative));

    internal Task<Stream> OpenAsync(string path) => _http.GetStreamAsync(new Uri(path, UriKind.Relative));

    public void Dispose() => _http.Dispose();

    private async Task<JsonDocument> ReadAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await _http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode
                ? JsonDocument.Parse(body)
                : throw new InvalidOperationException($"{request.Method} {request.RequestUri} was answered with {(int)response.StatusCode}: {body}");
        }
    }
}
