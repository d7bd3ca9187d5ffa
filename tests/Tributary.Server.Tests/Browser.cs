using System.Net;

namespace Tributary.Server.Tests;

/// <summary>What a browser without script does: keeps cookies, sends forms with their hidden token, follows nothing by itself.</summary>
public sealed class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(Uri address) =>
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };

    public CookieContainer Cookies { get; } = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    public async Task<(HttpStatusCode Status, string Text, string? Location)> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri(path, UriKind.Relative), Cancelled);
        return await ReadAsync(answer);
    }

    /// <summary>Sends a form of a page, with the page's token.</summary>
    public async Task<(HttpStatusCode Status, string Text, string? Location)> PostAsync(string page, string path, params (string Name, string Value)[] fields)
    {
        var (_, text, _) = await GetAsync(page);
        var token = Between(text, "name=\"__RequestVerificationToken\" value=\"", "\"");
        return await PostBareAsync(path, [.. fields, ("__RequestVerificationToken", token)]);
    }

    /// <summary>Sends a form as a foreign page would: with the cookies and without a token.</summary>
    public async Task<(HttpStatusCode Status, string Text, string? Location)> PostBareAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await _client.PostAsync(new Uri(path, UriKind.Relative), form, Cancelled);
        return await ReadAsync(answer);
    }

    /// <summary>What stands between two marks; empty where the first is not there.</summary>
    public static string Between(string text, string before, string after)
    {
        var from = text.IndexOf(before, StringComparison.Ordinal);
        if (from < 0)
            return "";
        from += before.Length;
        return text[from..text.IndexOf(after, from, StringComparison.Ordinal)];
    }

    private static async Task<(HttpStatusCode Status, string Text, string? Location)> ReadAsync(HttpResponseMessage answer) =>
        (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancelled)), answer.Headers.Location?.OriginalString);
}
