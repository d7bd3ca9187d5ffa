using Tributary.Rollup.Signatures;

namespace Tributary.Rollup.Sequencing;

/// <summary>
/// Operations that wait to be taken. Whoever is free takes what has gathered, up to a bound: alone an operation does not wait for company, and under
/// load signatures are checked side by side. Groups are checked on several threads at once and taken in the order in which they came.
/// </summary>
/// <param name="waitingMax">Operations that wait at most.</param>
/// <param name="workersMax">Groups that are checked at once.</param>
/// <param name="check">Finds out which of a group may be taken; on any thread.</param>
/// <param name="take">Takes a group, one after the other. It answers every submission and does not throw.</param>
internal sealed class IntakeQueue(
    int waitingMax, int workersMax, Action<IReadOnlyList<Submission>, XmssBatchVerifier> check, Action<IReadOnlyList<Submission>> take)
{
    /// <summary>Operations of a group: two groups of signatures, and few enough that none waits long for the others.</summary>
    internal const int GroupMax = 2 * XmssBatchVerifier.GroupSize;

    private readonly Lock _lock = new();
    private readonly Queue<Submission> _waiting = [];
    private readonly Stack<XmssBatchVerifier> _verifiers = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _turn = Task.CompletedTask;
    private int _workers;
    private bool _isClosed;

    /// <summary>Adds one behind the others; false where too many wait.</summary>
    internal bool TryAdd(Submission submission)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_waiting.Count >= waitingMax)
                return false;
            _waiting.Enqueue(submission);
            if (_workers == workersMax)
                return true;
            _workers++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.WorkAsync(), this, preferLocal: false);
        return true;
    }

    /// <summary>Takes no more, and waits for what it has.</summary>
    internal Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosed = true;
            if (_workers == 0)
                _idle.TrySetResult();
        }

        return _idle.Task;
    }

    private async Task WorkAsync()
    {
        XmssBatchVerifier? verifier = null;
        while (true)
        {
            Submission[] group;
            Task before;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    if (verifier is not null)
                        _verifiers.Push(verifier);
                    if (--_workers == 0 && _isClosed)
                        _idle.TrySetResult();
                    return;
                }

                verifier ??= _verifiers.TryPop(out var free) ? free : new XmssBatchVerifier();
                group = new Submission[Math.Min(GroupMax, _waiting.Count)];
                for (var i = 0; i < group.Length; i++)
                    group[i] = _waiting.Dequeue();
                (before, _turn) = (_turn, done.Task);
            }

            Exception? failure = null;
            try
            {
                check(group, verifier);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            await before;
            if (failure is null)
                take(group);
            else
                Array.ForEach(group, submission => submission.Fail(failure));
            done.SetResult();
        }
    }
}
