using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tributary.Cli.Demo;

/// <summary>A shop's webhook: takes events on the loopback address and believes those alone that are signed with its secret.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private static readonly TimeSpan s_tolerance = TimeSpan.FromMinutes(5);

    private readonly WebApplication _app;
    private readonly Channel<JsonElement> _events = Channel.CreateBounded<JsonElement>(1000);
    private readonly List<JsonElement> _seen = [];
    private readonly TimeProvider _clock;
    private volatile string _secret = "";

    private WebhookListener(WebApplication app, TimeProvider clock)
    {
        _app = app;
        _clock = clock;
    }

    internal string Url => _app.Urls.First() + "/hooks";

    internal static async Task<WebhookListener> StartAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var listener = new WebhookListener(builder.Build(), clock);
        listener._app.MapPost("/hooks", (HttpContext context, CancellationToken token) => listener.TakeAsync(context, token));
        await listener._app.StartAsync(cancellationToken);
        return listener;
    }

    /// <summary>The endpoint's secret, once the server has told it.</summary>
    internal void Trust(string secret) => _secret = secret;

    /// <summary>Waits for an event of a kind about an object.</summary>
    internal async Task<JsonElement> WaitAsync(string kind, Func<JsonElement, bool> isIt, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while (true)
            {
                if (_seen.Find(one => string.Equals(one.GetProperty("type").GetString(), kind, StringComparison.Ordinal) && isIt(one.GetProperty("data").GetProperty("object"))) is { ValueKind: JsonValueKind.Object } found)
                    return found;
                _seen.Add(await _events.Reader.ReadAsync(patience.Token));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DemoException($"No webhook {kind} came within a minute; those that came: {string.Join(", ", _seen.Select(static one => one.GetProperty("type").GetString()))}.");
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(cancellationToken);
        if (!IsSigned(context.Request.Headers["Stripe-Signature"].ToString(), body))
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        using var document = JsonDocument.Parse(body);
        await _events.Writer.WriteAsync(document.RootElement.Clone(), cancellationToken);
        return Results.Ok();
    }

    // As Stripe's documentation has it: HMAC-SHA256 of "time.body", compared in constant time, and no old copies.
    private bool IsSigned(string header, string body)
    {
        var parts = header.Split(',').Select(static part => part.Split('=', 2)).Where(static part => part.Length == 2).ToLookup(static part => part[0], static part => part[1], StringComparer.Ordinal);
        if (!long.TryParse(parts["t"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return false;
        if ((_clock.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() > s_tolerance)
            return false;
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(_secret), Encoding.UTF8.GetBytes($"{seconds.ToString(CultureInfo.InvariantCulture)}.{body}"));
        return parts["v1"].Any(given => given.Length == 64 && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected))));
    }
}
