namespace Tributary.Server.Payments;

/// <summary>Reads the price file again when it changes. One that cannot be read leaves the last prices, which age.</summary>
internal sealed partial class PriceWorker(PriceSetup prices, TimeProvider clock, ILogger<PriceWorker> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (prices.File is not { } file)
            return;
        string? last = null;
        while (true)
        {
            await Task.Delay(s_pause, clock, stoppingToken);
            var problem = file.Refresh()?.ToString();
            if (problem is not null && !string.Equals(problem, last, StringComparison.Ordinal))
                LogUnread(problem);
            last = problem;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The price file is not used: {Reason}")]
    private partial void LogUnread(string reason);
}
