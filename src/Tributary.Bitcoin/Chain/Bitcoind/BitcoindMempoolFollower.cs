using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Blocks;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>
/// Turns bitcoind's mempool into a stream. The truth is the difference between what was told and what <c>getrawmempool</c> lists,
/// less what blocks took in; numbered notifications only save looking at the whole each time.
/// </summary>
internal sealed class BitcoindMempoolFollower(BitcoindQueries queries, NodeMonitor monitor, BitcoindOptions options, TimeProvider time)
{
    /// <summary>Deeper reorganisations cost a "left" for a transaction that is confirmed elsewhere, no more.</summary>
    private const int ReorganisationDepthMax = 100;

    /// <summary>The whole is looked at this often even when every notification arrives.</summary>
    private static readonly TimeSpan s_wholeInterval = TimeSpan.FromMinutes(5);

    private readonly HashSet<TxId> _told = [];
    private ChainTip? _walked;

    internal async IAsyncEnumerable<MempoolEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var hints = monitor.SubscribeMempool();
        var outage = new Outage(options.OutageMax, options.Retries, time);
        while (true)
        {
            hints.TakeLost();
            var began = time.GetTimestamp();
            var look = await LookAsync(cancellationToken);
            if (!look.TryGet(out var seen, out var error))
            {
                await outage.WaitOrGiveUpAsync(error, cancellationToken);
                continue;
            }

            foreach (var id in seen.Left)
                yield return new MempoolEvent.Left(id);
            var isBroken = false;
            await foreach (var fetched in queries.GetMempoolTransactionsAsync(seen.New, cancellationToken))
            {
                if (!fetched.TryGet(out var transaction, out error))
                {
                    await outage.WaitOrGiveUpAsync(error, cancellationToken);
                    isBroken = true;
                    break;
                }

                _told.Add(transaction.TxId);
                yield return new MempoolEvent.Entered(transaction);
            }

            if (isBroken)
                continue;
            outage.Over();

            // Looking at the whole takes at most a twentieth of the time.
            var pause = TimeSpan.FromTicks(Math.Max(options.PollInterval.Ticks, time.GetElapsedTime(began).Ticks * 20));
            var wholeAt = time.GetTimestamp();
            while (monitor.HasExactHints && time.GetElapsedTime(wholeAt) < s_wholeInterval)
            {
                if (!hints.TryRead(out var hint))
                {
                    await Wait.ForAsync(hints.WaitAsync(), options.NotifiedPollInterval, time, cancellationToken);
                    continue;
                }

                if (hint.Kind == MempoolHintKind.Unknown || hints.TakeLost())
                    break;
                // What the listing knew already.
                if (hint.Kind != MempoolHintKind.Block && hint.Number < seen.Number)
                    continue;
                var step = await StepAsync(hint, cancellationToken);
                if (!step.TryGet(out var events, out _))
                    break;
                foreach (var one in events)
                    yield return one;
            }

            if (!monitor.HasExactHints)
                await WaitForHintAsync(hints, pause, cancellationToken);
        }
    }

    /// <summary>Without numbered notifications: waits for any sign of change, at most for the pause, and not less than a moment.</summary>
    private async ValueTask WaitForHintAsync(MempoolHints hints, TimeSpan pause, CancellationToken cancellationToken)
    {
        await Wait.ForAsync(Task.WhenAny(hints.WaitAsync(), monitor.NextChange), pause, time, cancellationToken);
        while (hints.TryRead(out _))
        {
        }
    }

    /// <summary>What is in the mempool and was not told; what was told and is neither there nor in a block.</summary>
    private async ValueTask<Result<Difference, ChainError>> LookAsync(CancellationToken cancellationToken)
    {
        // The listing first, the blocks after it: a block in between takes out of the told what the listing still had, never the reverse.
        if (!(await queries.GetMempoolAsync(cancellationToken)).TryGet(out var listing, out var error))
            return error;
        if (await WalkBlocksAsync(cancellationToken) is { } walkError)
            return walkError;

        var left = _told.Where(id => !listing.Ids.Contains(id)).ToList();
        _told.ExceptWith(left);
        return new Difference(left, [.. listing.Ids.Where(id => !_told.Contains(id))], listing.Number);
    }

    private async ValueTask<Result<IReadOnlyList<MempoolEvent>, ChainError>> StepAsync(MempoolHint hint, CancellationToken cancellationToken)
    {
        var events = new List<MempoolEvent>();
        switch (hint.Kind)
        {
            case MempoolHintKind.Block:
                if (await WalkBlocksAsync(cancellationToken) is { } walkError)
                    return walkError;
                break;
            case MempoolHintKind.Removed when _told.Contains(hint.TxId):
                if (!(await queries.AreInMempoolAsync([hint.TxId], cancellationToken)).TryGet(out var present, out var error))
                    return error;
                if (!present[0] && _told.Remove(hint.TxId))
                    events.Add(new MempoolEvent.Left(hint.TxId));
                break;
            case MempoolHintKind.Added when !_told.Contains(hint.TxId):
                await foreach (var fetched in queries.GetMempoolTransactionsAsync([hint.TxId], cancellationToken))
                {
                    if (!fetched.TryGet(out var transaction, out error))
                        return error;
                    _told.Add(hint.TxId);
                    events.Add(new MempoolEvent.Entered(transaction));
                }

                break;
        }

        return events;
    }

    /// <summary>Takes what blocks confirmed since the last walk out of the told.</summary>
    private async ValueTask<ChainError?> WalkBlocksAsync(CancellationToken cancellationToken)
    {
        if (!(await queries.GetBestHashAsync(cancellationToken)).TryGet(out var best, out var error))
            return error;
        if (_walked?.Hash == best)
            return null;

        ChainTip? tip = null;
        var cursor = best;
        while (tip is null || (_walked is { } walked && cursor != walked.Hash && cursor != default(BlockHash)))
        {
            if (!(await queries.GetBlockSummaryAsync(cursor, cancellationToken)).TryGet(out var summary, out error))
                return error;
            tip ??= summary.Position;
            _told.ExceptWith(summary.Transactions);
            if (summary.Position.Height <= (_walked?.Height ?? 0) - ReorganisationDepthMax)
                break;
            cursor = summary.Parent;
        }

        _walked = tip;
        return null;
    }

    private sealed record Difference(IReadOnlyList<TxId> Left, IReadOnlyList<TxId> New, ulong Number);
}
