using Tributary.Server.Health;

namespace Tributary.Server.Telemetry;

/// <summary>Looks at the server's health now and then: the gauges show it, and the log says when it changes.</summary>
internal sealed partial class HealthSampler(ServerHealth health, ServerMeters meters, TimeProvider clock, ILogger<HealthSampler> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var known = "";
        while (true)
        {
            await Task.Delay(s_pause, clock, stoppingToken);
            var (test, live) = await health.LookAtHalvesAsync(stoppingToken);
            meters.Show(test, live);
            var report = live is null ? test : ServerHealth.Merge(test, live);
            var problems = string.Join("; ", report.Problems);
            if (string.Equals(problems, known, StringComparison.Ordinal))
                continue;
            known = problems;
            if (problems.Length > 0)
                LogUnhealthy(problems);
            else
                LogHealthy();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Something is wrong: {Problems}")]
    private partial void LogUnhealthy(string problems);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing is wrong any more")]
    private partial void LogHealthy();
}
