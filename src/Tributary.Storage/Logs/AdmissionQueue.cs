namespace Tributary.Storage.Logs;

/// <summary>
/// The group that fills up, and those who wait for room in the next one, first come first served. Holds at most
/// <see cref="LogOptions.PendingBytesMax"/> bytes, or one batch that is larger. The owner's lock guards it.
/// </summary>
internal sealed class AdmissionQueue(LogOptions options, LogSequence next)
{
    private readonly Queue<Waiter> _waiters = new();

    /// <summary>The group that fills up.</summary>
    internal CommitGroup? Filling { get; private set; }

    /// <summary>The number of the next batch.</summary>
    internal LogSequence Next { get; private set; } = next;

    /// <summary>Adds a batch; false when there is no room, or others were there before.</summary>
    internal bool TryAdd(LogBatch batch, out LogCommit commit)
    {
        commit = default;
        return _waiters.Count == 0 && TryPlace(batch, out commit);
    }

    /// <summary>Queues for the next group. The batch must not change until it is admitted.</summary>
    internal Waiter Wait(LogBatch batch)
    {
        var waiter = new Waiter(batch);
        _waiters.Enqueue(waiter);
        return waiter;
    }

    /// <summary>Takes the group, and lets into the next one who waited.</summary>
    internal CommitGroup? Take()
    {
        var taken = Filling;
        Filling = null;
        while (_waiters.TryPeek(out var waiter))
        {
            if (!waiter.IsGone && !Fits(waiter.Batch))
                break;
            _waiters.Dequeue();
            if (waiter.TryClaim() && TryPlace(waiter.Batch, out var commit))
                waiter.Admitted.SetResult(commit);
        }

        // Whoever is left waits behind a group that is full: an empty one takes a batch of any size.
        return taken;
    }

    /// <summary>Tells everyone that nothing more is written.</summary>
    internal void Fail(Exception failure)
    {
        Filling?.Complete(failure);
        Filling = null;
        while (_waiters.TryDequeue(out var waiter))
        {
            if (waiter.TryClaim())
                waiter.Admitted.SetException(failure);
        }
    }

    private bool Fits(LogBatch batch) => Filling is null || Filling.BodyLength + batch.Length <= options.PendingBytesMax;

    private bool TryPlace(LogBatch batch, out LogCommit commit)
    {
        commit = default;
        if (!Fits(batch))
            return false;
        Filling ??= new CommitGroup(Next, options.ContinuesInline);
        commit = new LogCommit(Next, Filling, Filling.Add(batch.Encoded, batch.Count));
        Next = new LogSequence(Next.Value + 1);
        return true;
    }

    /// <summary>One who waits for room.</summary>
    internal sealed class Waiter(LogBatch batch)
    {
        private int _isSettled;

        internal LogBatch Batch => batch;

        internal TaskCompletionSource<LogCommit> Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>True when the waiting was cancelled.</summary>
        internal bool IsGone => Volatile.Read(ref _isSettled) != 0;

        /// <summary>Settles what becomes of the waiter, once: from then on a batch that was not claimed may change.</summary>
        internal bool TryClaim() => Interlocked.Exchange(ref _isSettled, 1) == 0;

        internal void Cancel(CancellationToken cancellationToken)
        {
            if (TryClaim())
                Admitted.SetCanceled(cancellationToken);
        }
    }
}
