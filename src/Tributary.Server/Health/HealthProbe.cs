using System.Data.Common;
using System.Globalization;
using Tributary.Bitcoin.Chain;
using Tributary.Payments.Reconciliation;
using Tributary.Server.Backups;
using Tributary.Server.Data;
using Tributary.Server.Nodes;
using Tributary.Storage.Relational;

namespace Tributary.Server.Health;

/// <summary>Looks at every part of the server and says what is wrong, in the order in which a person should look.</summary>
internal sealed class HealthProbe(
    IChainSource source, MerchantNode node, Reconciler reconciler, IDatabase database, DatabaseInfo info, IServiceProvider services, TimeProvider clock)
{
    private static readonly TimeSpan s_databaseMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_webhooksLateMax = TimeSpan.FromMinutes(2);
    private const long OutboxWaitingMax = 5000;

    public async Task<HealthReport> LookAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var notices = new List<string>();
        var counts = await ReadAsync(problems, cancellationToken);
        if (counts.Late > s_webhooksLateMax)
            problems.Add($"webhooks are {(long)counts.Late.TotalMinutes} minutes late: events wait to be sent");
        if (counts.Outbox > OutboxWaitingMax)
            problems.Add($"{counts.Outbox.ToString(CultureInfo.InvariantCulture)} events wait for their number: the database is too slow for what happens");
        if (counts.Stop is { } stop)
            problems.Add($"outgoing money is stopped since {stop.At:u}: {stop.Reason}");

        var status = source.Status;
        if (!status.IsSynced)
            problems.Add(status.Problem ?? "the chain source has not answered yet");
        if (node.IsLate(clock) && node.Opening.Problem is { } unopened)
            problems.Add($"the Lightning node {unopened}");
        if (reconciler.Last is { Outcome: ReconciliationOutcome.Mismatch } mismatch)
            problems.AddRange(mismatch.Problems);
        await AddRestoredAsync(notices, cancellationToken);
        return new HealthReport(
            problems.Count == 0,
            source.Network.Name,
            status.Tip?.Height,
            info.Kind,
            node.Opening.Current is not { } open ? "opening" : open.Wallet.Status.IsSynced ? "ready" : "syncing",
            node.Opening.Current?.NodeId.ToString(),
            reconciler.Last is { } last ? OutcomeWord(last.Outcome) : null,
            counts.Stop is not null,
            counts.Outbox,
            counts.Webhooks,
            (long)counts.Late.TotalSeconds,
            problems,
            notices);
    }

    private static string OutcomeWord(ReconciliationOutcome outcome) => outcome switch
    {
        ReconciliationOutcome.Balanced => "balanced",
        ReconciliationOutcome.Mismatch => "mismatch",
        _ => "busy",
    };

    private async Task<(long Outbox, long Webhooks, TimeSpan Late, OutgoingStop? Stop)> ReadAsync(List<string> problems, CancellationToken cancellationToken)
    {
        if (database.Lost.IsCompletedSuccessfully)
        {
            problems.Add($"the database is lost: {(await database.Lost).Message}");
            return default;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var end = new CancellationTokenSource(s_databaseMax, clock);
        await using var both = end.Token.Register(static state => ((CancellationTokenSource)state!).Cancel(), patience);
        try
        {
            return await database.ReadAsync(ReadAsync, patience.Token).AsTask().WaitAsync(patience.Token);
        }
        catch (Exception exception) when (exception is DbException or DatabaseLostException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            problems.Add(exception is OperationCanceledException ? $"the database does not answer within {s_databaseMax.TotalSeconds} s" : $"the database does not answer: {exception.Message}");
            return default;
        }
    }

    private async ValueTask<(long Outbox, long Webhooks, TimeSpan Late, OutgoingStop? Stop)> ReadAsync(ISqlTransaction transaction, CancellationToken cancellationToken)
    {
        var outbox = await NumberAsync(transaction, "SELECT COUNT(*) FROM outbox WHERE position IS NULL", cancellationToken);
        var webhooks = await NumberAsync(transaction, "SELECT COUNT(*) FROM webhook_deliveries WHERE due_at IS NOT NULL", cancellationToken);
        var due = await transaction.FirstOrDefaultAsync("SELECT MIN(due_at) FROM webhook_deliveries WHERE due_at IS NOT NULL", SqlArguments.None, static row => row.TimeOrNull(0), cancellationToken);
        var late = due is { } first && clock.GetUtcNow() > first ? clock.GetUtcNow() - first : TimeSpan.Zero;
        return (outbox, webhooks, late, await OutgoingSwitch.ReadAsync(transaction, cancellationToken));
    }

    private static ValueTask<long> NumberAsync(ISqlTransaction transaction, string sql, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(sql, SqlArguments.None, static row => row.Integer(0), cancellationToken);

    // A restored server says what it is about as long as channels wait.
    private async Task AddRestoredAsync(List<string> notices, CancellationToken cancellationToken)
    {
        if (services.GetService<RestoredNote>() is not { } note)
            return;
        notices.Add(RestoredStart.Words(note));
        if (node.Opening.Current is not { } open)
            return;
        var channels = await open.Node.ListChannelsAsync(cancellationToken);
        var stale = channels.Count(static channel => channel.State is "stale");
        var closing = channels.Count(static channel => channel.State is "on_chain" or "closing" or "closed");
        if (stale > 0)
            notices.Add($"{stale.ToString(CultureInfo.InvariantCulture)} channels are older than their peers know: the peers are asked to close, and none of this node's own commitments is published");
        if (closing > 0)
            notices.Add($"{closing.ToString(CultureInfo.InvariantCulture)} channels are being closed: what is this node's comes to its wallet");
    }
}
