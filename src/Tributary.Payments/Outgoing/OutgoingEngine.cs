using System.Collections.Concurrent;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Outgoing;

/// <summary>
/// Sends what was stored. A transfer is asked for again, always the same one, until the rail says that it arrived or never will; only then may
/// another be made for the same money.
/// </summary>
public sealed class OutgoingEngine(
    IDatabase database, IReadOnlyList<IOutgoingRail> rails, IReadOnlyList<IOutgoingSubject> subjects, IOutgoingGate gate, TimeProvider time)
{
    // A rail may take longer than the pause before it is asked again.
    private readonly ConcurrentDictionary<string, (string SubjectId, Task Done)> _underWay = new(StringComparer.Ordinal);

    /// <summary>Asks the rails about transfers whose time has come; returns how many were answered for.</summary>
    public async Task<int> RunAsync(int limit, CancellationToken cancellationToken)
    {
        // What a rail has got goes on whatever the gate says: not to ask would only keep the books from knowing what happened.
        var due = await database.ReadAsync(
            async (transaction, token) => await OutgoingTransfers.FindDueAsync(
                transaction, time.GetUtcNow(), await gate.IsStoppedAsync(transaction, token), limit, token),
            cancellationToken);
        return await RunAsync(due, cancellationToken);
    }

    /// <summary>The same for one refund or payout at once, for those who wait for its answer.</summary>
    public async Task<int> RunAsync(string subjectId, CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync(
            async (transaction, token) =>
            {
                var found = await OutgoingTransfers.FindDueOfAsync(transaction, subjectId, time.GetUtcNow(), token);
                return await gate.IsStoppedAsync(transaction, token) ? found.FindAll(static transfer => transfer.IsWithRail) : found;
            },
            cancellationToken);
        var done = await RunAsync(due, cancellationToken);

        // The work in the background may have taken it up first: then that is the answer to wait for.
        await Task.WhenAll(_underWay.Values.Where(one => string.Equals(one.SubjectId, subjectId, StringComparison.Ordinal)).Select(static one => one.Done)).WaitAsync(cancellationToken);
        return done;
    }

    private async Task<int> RunAsync(List<StoredTransfer> due, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var transfer in due)
        {
            if (await RunAsync(transfer, cancellationToken))
                done++;
        }

        return done;
    }

    private async Task<bool> RunAsync(StoredTransfer transfer, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_underWay.TryAdd(transfer.Id, (transfer.SubjectId, done.Task)))
            return false;
        try
        {
            // The gate is asked where the call is counted: a stop that was stored before holds this one up.
            return await database.WriteAsync(
                async (transaction, token) => (transfer.IsWithRail || !await gate.IsStoppedAsync(transaction, token))
                    && await OutgoingTransfers.CountAsync(transaction, transfer, time.GetUtcNow(), token),
                cancellationToken)
                && await AskAsync(transfer with { Tries = transfer.Tries + 1 }, cancellationToken);
        }
        finally
        {
            _underWay.TryRemove(transfer.Id, out _);
            done.SetResult();
        }
    }

    private async Task<bool> AskAsync(StoredTransfer transfer, CancellationToken cancellationToken)
    {
        var rail = rails.FirstOrDefault(rail => rail.Kind == transfer.Rail)
            ?? throw new InvalidOperationException($"A transfer by {transfer.Rail}, which this server does not run.");
        OutgoingReport told;
        try
        {
            told = await rail.SendAsync(
                new OutgoingTransfer(transfer.Id, transfer.Destination, transfer.Amount, transfer.FeeMax, await OriginOfAsync(transfer, cancellationToken)) { CreatedAt = transfer.CreatedAt },
                cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or HttpRequestException)
        {
            // Nobody knows what the rail did: the same transfer again, at the time that was noted before, and never another one instead.
            return false;
        }

        return await database.WriteAsync((transaction, token) => ApplyAsync(transaction, transfer, told, token), cancellationToken);
    }

    private async ValueTask<bool> ApplyAsync(ISqlTransaction transaction, StoredTransfer transfer, OutgoingReport told, CancellationToken cancellationToken)
    {
        if (!await OutgoingTransfers.IsOpenAsync(transaction, transfer, cancellationToken))
            return false;
        var subject = subjects.FirstOrDefault(subject => subject.Kind == transfer.Kind) ?? throw new InvalidOperationException($"Nobody cares for transfers of kind {transfer.Kind}.");
        await subject.ApplyAsync(transaction, transfer, told, cancellationToken);
        var (outcome, dueAt) = told switch
        {
            OutgoingReport.Sent sent => ("sent", sent.AskAgainAt),
            OutgoingReport.Failed failed => (failed.Code, null),
            OutgoingReport.Pending => ("pending", time.GetUtcNow() + OutgoingTransfers.PauseAfter(transfer.Tries)),
            _ => throw new InvalidOperationException($"The rail {transfer.Rail} says what nobody understands: {told}."),
        };
        await OutgoingTransfers.NoteAsync(transaction, transfer, outcome, dueAt, cancellationToken);
        return told is not OutgoingReport.Pending;
    }

    private async ValueTask<PaymentAttempt?> OriginOfAsync(StoredTransfer transfer, CancellationToken cancellationToken)
    {
        if (transfer.OriginAttemptId is null)
            return null;
        var file = await database.ReadAsync((transaction, token) => PaymentStore.FindAsync(transaction, transfer.IntentId!, token), cancellationToken);
        return file?.FindAttempt(transfer.OriginAttemptId) ?? throw new InvalidOperationException($"Transfer {transfer.Id} gives the money of {transfer.OriginAttemptId} back, which is not there.");
    }
}
