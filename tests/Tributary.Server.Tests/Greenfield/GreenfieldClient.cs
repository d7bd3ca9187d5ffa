using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Tributary.Server.Tests.Greenfield.Schema;

namespace Tributary.Server.Tests.Greenfield;

/// <summary>Speaks the Greenfield dialect over HTTP as a client without a library does.</summary>
internal sealed class GreenfieldClient(HttpClient client, string? key)
{
    public Task<Reply> GetAsync(string path, string? body = null) => SendAsync(HttpMethod.Get, path, body);

    public Task<Reply> PostAsync(string path, string? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Reply> PutAsync(string path, string? body = null) => SendAsync(HttpMethod.Put, path, body);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    /// <summary>Asks until an answer has a value.</summary>
    public async Task<Reply> WaitAsync(string path, Func<Reply, bool> isThere)
    {
        while (true)
        {
            var reply = await GetAsync(path);
            if (isThere(reply))
                return reply;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    public async Task<Reply> SendAsync(HttpMethod method, string path, string? body, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(method, new Uri("/api/v1" + path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = authorization ?? (key is null ? null : new AuthenticationHeaderValue("token", key));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var raw = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(raw.Length == 0 ? "null" : raw);
        AnswerWatch.Check(method, path, (int)response.StatusCode, document.RootElement);
        return new Reply(response.StatusCode, document.RootElement.Clone(), raw);
    }

    internal sealed record Reply(HttpStatusCode Status, JsonElement Body, string Raw)
    {
        public string Text(string name) => Body.GetProperty(name).GetString()!;

        public JsonElement At(params string[] path) => path.Aggregate(Body, static (at, name) => at.GetProperty(name));

        public string Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString()! : "";

        /// <summary>The paths of what is wrong with a request's values.</summary>
        public List<string> Paths => [.. Body.EnumerateArray().Select(static problem => problem.GetProperty("path").GetString()!)];
    }
}
