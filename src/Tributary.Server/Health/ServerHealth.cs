using Tributary.Server.Modes;

namespace Tributary.Server.Health;

/// <summary>The health of the whole server: the test half's, and the live half's where there is one.</summary>
internal sealed class ServerHealth(HealthProbe test, IServiceProvider services)
{
    private readonly LiveHalf? _live = services.GetService<LiveHalf>();

    /// <summary>Each half's own report; the second is null where there is no live half.</summary>
    public async Task<(HealthReport Test, HealthReport? Live)> LookAtHalvesAsync(CancellationToken cancellationToken)
    {
        var report = await test.LookAsync(cancellationToken);
        return (report, _live is null ? null : await _live.Services.GetRequiredService<HealthProbe>().LookAsync(cancellationToken));
    }

    /// <summary>One report for both: what is wrong with the live half is wrong with the server.</summary>
    public async Task<HealthReport> LookAsync(CancellationToken cancellationToken)
    {
        var (report, live) = await LookAtHalvesAsync(cancellationToken);
        return live is null ? report : Merge(report, live);
    }

    /// <summary>The test half's report with what the live half's adds; the whole of that stands in <see cref="HealthReport.Live"/>.</summary>
    internal static HealthReport Merge(HealthReport test, HealthReport live) => test with
    {
        IsHealthy = test.IsHealthy && live.IsHealthy,
        OutgoingStopped = test.OutgoingStopped || live.OutgoingStopped,
        Problems = [.. test.Problems, .. live.Problems.Select(static problem => $"live: {problem}")],
        Notices = [.. test.Notices, .. live.Notices.Select(static notice => $"live: {notice}")],
        Live = live,
    };
}
