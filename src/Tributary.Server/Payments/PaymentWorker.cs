using Tributary.Payments;
using Tributary.Payments.Checkout;
using Tributary.Payments.Disputes;
using Tributary.Payments.Idempotency;
using Tributary.Payments.Outbox;
using Tributary.Payments.Outgoing;
using Tributary.Payments.Payouts;
using Tributary.Payments.Rails;
using Tributary.Payments.Refunds;
using Tributary.Payments.Reporting;
using Tributary.Payments.Search;
using Tributary.Payments.Storage;
using Tributary.Payments.Webhooks;
using Tributary.Server.Webhooks;
using Tributary.Storage.Relational;

namespace Tributary.Server.Payments;

/// <summary>
/// What payments need in the background: the rails' reports are applied, their commands carried out, time acts, and events get their numbers.
/// A database that is lost stops the server.
/// </summary>
internal sealed partial class PaymentWorker(
    PaymentService payments,
    RefundService refunds,
    PayoutService payouts,
    DisputeService disputes,
    OutgoingEngine outgoing,
    WebhookStore webhooks,
    CheckoutFollower checkout,
    DailyTotals totals,
    DailyOutcomes outcomes,
    WebhookSender sender,
    IdempotencyStore idempotency,
    IDatabase database,
    IReadOnlyList<IPaymentRail> rails,
    WorkSignal signal,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<PaymentWorker> logger) : BackgroundService
{
    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_prune = TimeSpan.FromMinutes(10);
    private const int Batch = 200;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);
    private readonly WorkSignal _deliveries = new();

    // Payments of an earlier version may wait for their place in the search's indexes; new ones have it.
    private bool _isSearchable;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> running = [StopWhenLostAsync(stoppingToken), RepeatAsync(stoppingToken), SendAsync(stoppingToken), PayAsync(stoppingToken), SweepAsync(stoppingToken), .. rails.Select(rail => FollowAsync(rail, stoppingToken))];
        // The first that ends ends the server: payments half cared for are worse than none, and the database has all that is needed to go on.
        var ended = await Task.WhenAny(running);
        if (!stoppingToken.IsCancellationRequested)
        {
            LogStopped(logger, ended.Exception?.GetBaseException());
            lifetime.StopApplication();
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StopWhenLostAsync(CancellationToken cancellationToken)
    {
        var reason = await database.Lost.WaitAsync(cancellationToken);
        LogLost(logger, reason.Message);
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = signal.Next;
            var worked = await payments.TickAsync(Batch, cancellationToken)
                + await payments.RunCommandsAsync(Batch, cancellationToken)
                + await refunds.TickAsync(Batch, cancellationToken)
                + await disputes.TickAsync(Batch, cancellationToken)
                + await refunds.FollowExcessAsync(Batch, cancellationToken)
                + await OutboxLog.NumberAsync(database, Batch, cancellationToken)
                + await checkout.FollowAsync(Batch, cancellationToken)
                + await LedgerBalances.CountAsync(database, Batch, cancellationToken)
                + await totals.FollowAsync(Batch, cancellationToken)
                + await outcomes.FollowAsync(Batch, cancellationToken)
                + (_isSearchable ? 0 : await FillAsync(cancellationToken));
            var told = await webhooks.FanOutAsync(database, Batch, cancellationToken);
            if (told > 0)
                _deliveries.Pulse();
            if (worked + told == 0)
                await WorkSignal.WaitAsync(next, s_pause, clock, cancellationToken);
        }
    }

    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        var filled = await DescriptionWords.FillAsync(database, Batch, cancellationToken);
        _isSearchable = filled == 0;
        return filled;
    }

    // Beside the rest: money that looks for its way holds up nobody else's.
    private async Task PayAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = signal.Next;
            if (await outgoing.RunAsync(Batch, cancellationToken) == 0)
                await WorkSignal.WaitAsync(next, s_pause, clock, cancellationToken);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var pruned = DateTimeOffset.MinValue;
        while (true)
        {
            await payouts.SweepAsync(cancellationToken);
            if (clock.GetUtcNow() - pruned >= s_prune)
            {
                await database.WriteAsync(idempotency.PruneAsync, cancellationToken);
                await database.WriteAsync((transaction, token) => JudgedPayments.PruneAsync(transaction, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), token), cancellationToken);
                pruned = clock.GetUtcNow();
            }

            await Task.Delay(s_sweep, clock, cancellationToken);
        }
    }

    // Beside the rest: a target that is slow to answer holds up nobody's money.
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = _deliveries.Next;
            if (await sender.SendDueAsync(Batch, cancellationToken) == 0)
                await WorkSignal.WaitAsync(next, s_pause, clock, cancellationToken);
        }
    }

    private async Task FollowAsync(IPaymentRail rail, CancellationToken cancellationToken)
    {
        var after = await database.ReadAsync((transaction, token) => RailCursors.ReadAsync(transaction, rail.Kind, token), cancellationToken);
        await foreach (var reported in rail.FollowAsync(after, cancellationToken))
            await payments.ApplyAsync(rail.Kind, reported, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        throw new InvalidOperationException($"The rail {rail.Kind} reports no more.");
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The payment database is lost: {Reason}")]
    private static partial void LogLost(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The work behind payments ended; the server stops.")]
    private static partial void LogStopped(ILogger logger, Exception? exception);
}
