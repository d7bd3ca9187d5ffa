using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Tributary.Server.Tests.Telemetry;

/// <summary>An OpenTelemetry collector on a loopback port: takes what exporters send over gRPC, and keeps each message as it came.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    /// <summary>Requests by their signal: "trace", "metrics", "logs".</summary>
    public ConcurrentQueue<(string Signal, byte[] Message)> Taken { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public static async Task<Collector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listener => listener.Protocols = HttpProtocols.Http2));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var collector = new Collector(app);
        foreach (var (signal, service) in ((string, string)[])[("trace", "TraceService"), ("metrics", "MetricsService"), ("logs", "LogsService")])
            app.MapPost($"/opentelemetry.proto.collector.{signal}.v1.{service}/Export", (RequestDelegate)(context => collector.TakeAsync(signal, context)));
        await app.StartAsync(cancellationToken);
        return collector;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    // One message with its flag and length before it, and the same back: gRPC over HTTP/2.
    private async Task TakeAsync(string signal, HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var bytes = body.ToArray();
        Assert.Equal(0, bytes[0]);
        Assert.Equal(bytes.Length - 5, (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1)));
        Taken.Enqueue((signal, bytes[5..]));
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
