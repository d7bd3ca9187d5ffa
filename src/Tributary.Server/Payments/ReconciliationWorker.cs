using Tributary.Payments.Reconciliation;

namespace Tributary.Server.Payments;

/// <summary>Compares the books with the world again and again. A difference stops outgoing money and shows in the server's health.</summary>
internal sealed partial class ReconciliationWorker(Reconciler reconciler, TimeProvider clock, ILogger<ReconciliationWorker> logger) : BackgroundService
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(s_first, clock, stoppingToken);
        while (true)
        {
            var report = await reconciler.RunAsync(stoppingToken);
            if (report.Outcome == ReconciliationOutcome.Mismatch)
                LogMismatch(string.Join(" ", report.Problems));
            await Task.Delay(s_pause, clock, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The books and the world differ, and outgoing money is stopped: {Problems}")]
    private partial void LogMismatch(string problems);
}
