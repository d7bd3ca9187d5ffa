using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tributary.Faults.Tests;

/// <summary>A shop's webhook, which notes what it hears and now and then fails to take it.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private HookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/hooks";

    /// <summary>Events that were taken, by their names, with how often each came.</summary>
    public ConcurrentDictionary<string, int> Taken { get; } = new(StringComparer.Ordinal);

    /// <summary>The numbers that came for each object.</summary>
    public ConcurrentDictionary<(string Object, long Sequence), string> Sequences { get; } = [];

    public static async Task<HookReceiver> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new HookReceiver(builder.Build());
        receiver._app.MapPost("/hooks", (HttpContext context, CancellationToken token) => receiver.TakeAsync(context, token));
        await receiver._app.StartAsync(cancellationToken);
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: cancellationToken);
        if (Interlocked.Increment(ref _asked) % 50 == 0)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        var told = document.RootElement;
        var id = told.GetProperty("id").GetString()!;
        var about = told.GetProperty("data").GetProperty("object").GetProperty("id").GetString()!;
        Taken.AddOrUpdate(id, 1, static (_, count) => count + 1);
        Sequences.TryAdd((about, told.GetProperty("tributary").GetProperty("sequence").GetInt64()), id);
        return Results.Ok();
    }
}
