using Tributary.Bitcoin.Chain;
using Tributary.Finance.Operations;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;
using Tributary.Rollup.Batches;
using Tributary.Rollup.Sequencing;

namespace Tributary.Rollup.Operating;

/// <summary>
/// Joins sequencer, replica and anchorer: with every block it looks what Bitcoin says, makes batches anew that Bitcoin has made void, closes the open
/// batch, and sees to it that the next one is anchored. All it knows lies in the sequencer's log, the wallet and Bitcoin, so a process that dies
/// between any two steps goes on where it was. One owner.
/// </summary>
/// <param name="sequencer">Takes operations.</param>
/// <param name="replica">What Bitcoin says.</param>
/// <param name="anchorer">Puts batches there.</param>
/// <param name="options">When.</param>
/// <param name="revoked">Told of operations whose receipts are void, with the reason: whoever was promised them has to know.</param>
/// <param name="time">For <see cref="OperatorOptions.BatchAge"/>; the system's where none is given.</param>
public sealed class RollupOperator(
    Sequencer sequencer, RollupReplica replica, Anchorer anchorer, OperatorOptions options, Action<OperationRequest, Refusal>? revoked = null, TimeProvider? time = null)
{
    // Blocks after which an empty batch is opened again, so that rollup time does not stand still.
    private const int IdleBlocks = 6;

    private int _openedAt = int.MinValue;
    private ulong _waitingFor;
    private int _waitingSince;
    private long? _workSince;

    /// <summary>How often batches were made anew: what was to be proven of them is not any more.</summary>
    public int Rewinds { get; private set; }

    /// <summary>Shows it a change of the chain; <see cref="StepAsync(bool, CancellationToken)"/> acts on it.</summary>
    public void Observe(ChainEvent change)
    {
        switch (change)
        {
            case ChainEvent.Connected connected when connected.Height == replica.NextHeight:
                replica.Connect(connected.Height, connected.Block);
                break;
            case ChainEvent.Disconnected disconnected when disconnected.Height == replica.NextHeight - 1:
                replica.Disconnect(disconnected.Height);
                break;
        }
    }

    /// <summary>Does what is due at the tip that the replica has seen; called again and again, it does nothing twice.</summary>
    /// <returns>Why the next batch could not be anchored; null where nothing stands in the way.</returns>
    public Task<Refusal?> StepAsync(CancellationToken cancellationToken) => StepAsync(anchors: true, cancellationToken);

    /// <summary>The same, which leaves Bitcoin alone where <paramref name="anchors"/> is false and no batch was closed.</summary>
    public async Task<Refusal?> StepAsync(bool anchors, CancellationToken cancellationToken)
    {
        if (replica.Chain.Beginning is not { } beginning)
            return new Refusal("rollup", "has not begun on Bitcoin yet: its genesis waits for a block");
        var tip = replica.NextHeight - 1;
        await RenewVoidBatchesAsync(beginning, tip);
        var last = sequencer.Last;
        await CutAsync(beginning, tip);
        return anchors || sequencer.Last != last ? await AnchorAsync(tip, cancellationToken) : null;
    }

    // A closed batch that Bitcoin does not hold yet, and whose block is gone, will never count.
    private async Task RenewVoidBatchesAsync(AnchorSeen.Began beginning, int tip)
    {
        var anchored = LastAnchored?.Number ?? 0;
        var lost = sequencer.Closed.FirstOrDefault(batch => batch.Header.Number > anchored && replica.Chain.BlockAt(batch.Header.Height) != batch.Header.Block);
        if (lost is null)
            return;
        var before = sequencer.Closed.LastOrDefault(batch => batch.Header.Number < lost.Header.Number)?.Header;
        foreach (var (request, why) in await sequencer.RewindAsync(lost.Header.Number, Opening(beginning, tip, before)))
            revoked?.Invoke(request, why);
        Rewinds++;
        _openedAt = tip;
    }

    private async Task CutAsync(AnchorSeen.Began beginning, int tip)
    {
        if (_openedAt > tip || _openedAt == int.MinValue)
            _openedAt = tip;
        if (sequencer.OpenBatch is { } open)
        {
            var hasWork = sequencer.OpenOperations > 0 || open.Posts.Count > 0;
            var opening = Opening(beginning, tip, sequencer.Last);
            if (hasWork && IsDue(tip))
                _ = await sequencer.CloseBatchAsync();
            else if (!hasWork && (opening.Posts.Count > 0 || opening.Deposits.Count > open.Deposits.Count || opening.Height >= open.Height + IdleBlocks))
                _ = await sequencer.RenewAsync(opening);
            else
                return;
            _openedAt = tip;
        }

        if (sequencer.OpenBatch is null)
        {
            await sequencer.OpenBatchAsync(Opening(beginning, tip, sequencer.Last));
            _openedAt = tip;
        }
    }

    private bool IsDue(int tip)
    {
        var clock = time ?? TimeProvider.System;
        _workSince ??= clock.GetTimestamp();
        var waiting = sequencer.Closed.Count(batch => batch.Header.Number > (LastAnchored?.Number ?? 0));
        var isOld = waiting == 0 && options.BatchAge is { } age && clock.GetElapsedTime(_workSince.Value) >= age;
        if (waiting >= options.WaitingMax || !(sequencer.IsFull || isOld || tip - _openedAt >= options.BatchBlocks))
            return false;
        _workSince = null;
        return true;
    }

    private async Task<Refusal?> AnchorAsync(int tip, CancellationToken cancellationToken)
    {
        var next = (LastAnchored?.Number ?? 0) + 1;
        if (sequencer.Closed.FirstOrDefault(batch => batch.Header.Number == next) is not { } batch)
            return null;
        if (replica.Chain.Anchor is not { } anchor)
            return new Refusal("rollup", "has ended: its anchor was spent without another");
        if (_waitingFor != next)
            (_waitingFor, _waitingSince) = (next, tip);
        var isLate = tip - _waitingSince >= options.PatienceBlocks;
        if (isLate)
            _waitingSince = tip;
        var envelope = new Envelope(EnvelopeKind.Batch, batch.Payload(), replica.Chain.Beginning!.Genesis.Operator);
        return (await anchorer.PostAsync(envelope, anchor, makesAnchor: true, isLate, cancellationToken)).TryGet(out _, out var refusal) ? null : refusal;
    }

    private BatchHeader? LastAnchored => replica.Batches.LastOrDefault()?.Header;

    private BatchOpening Opening(AnchorSeen.Began beginning, int tip, BatchHeader? before)
    {
        // Never behind the batch before, nor the beginning.
        var height = Math.Max(tip - options.Depth, Math.Max(beginning.Height, (int)(before?.Height ?? 0)));
        return BatchOpening.At((uint)height, before, replica.Posts, replica.Deposits, replica.Chain);
    }
}
