using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tributary.Server.Tests.Dashboard;

/// <summary>A receiver of webhooks on a free port: keeps what comes and answers as it is told.</summary>
internal sealed class HookTarget : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HookTarget(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Signature, string Body)> Received { get; } = new();

    public int Status { get; set; } = 200;

    public string Answer { get; set; } = "thanks";

    public string Address => _app.Urls.Single() + "/hooks";

    public static async Task<HookTarget> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var target = new HookTarget(builder.Build());
        target._app.MapPost("/hooks", target.TakeAsync);
        await target._app.StartAsync(TestContext.Current.CancellationToken);
        return target;
    }

    /// <summary>Waits until so many have come.</summary>
    public async Task<List<(string Signature, string Body)>> WaitAsync(Func<string, bool> wanted, int count)
    {
        while (Received.Count(one => wanted(one.Body)) < count)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        return [.. Received.Where(one => wanted(one.Body))];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        Received.Enqueue((request.Headers["Stripe-Signature"].ToString(), await reader.ReadToEndAsync(request.HttpContext.RequestAborted)));
        return Results.Text(Answer, statusCode: Status);
    }
}
