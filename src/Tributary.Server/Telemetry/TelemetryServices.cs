using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace Tributary.Server.Telemetry;

/// <summary>Logs, and, where a collector is named, traces, metrics and logs for it. Nothing leaves the machine unless the operator says where to.</summary>
internal static class TelemetryServices
{
    public static void AddTelemetry(this WebApplicationBuilder builder, ServerOptions options)
    {
        AddLogs(builder, options);
        builder.Services.AddSingleton<ServerMeters>();
        builder.Services.AddHostedService<HealthSampler>();
        if (options.OtlpEndpoint is not { } collector)
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(static resource => resource.AddService("tributary", serviceVersion: typeof(TelemetryServices).Assembly.GetName().Version?.ToString()))
            .WithTracing(static traces => traces.AddSource(ServerMeters.Name))
            .WithMetrics(static metrics => metrics.AddMeter(ServerMeters.Name).AddMeter("System.Runtime"))
            .WithLogging()
            .UseOtlpExporter(OpenTelemetry.Exporter.OtlpExportProtocol.Grpc, collector);
    }

    private static void AddLogs(WebApplicationBuilder builder, ServerOptions options)
    {
        if (options.LogsJson)
        {
            builder.Logging.AddJsonConsole(static json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
                json.IncludeScopes = false;
            });
        }

        // Standard output belongs to what the command says.
        builder.Services.Configure<ConsoleLoggerOptions>(static console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // A start that fails comes back to the caller, who says it in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        // Addresses of pages hold secrets, and these two name the address.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
    }
}
