using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Journal.Storage;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Journal;

/// <summary>
/// The journal as a server uses it: many threads append, and appends that wait at the same time go to disk together (group commit). An append
/// returns when the entry is safe by the <see cref="SyncPolicy"/>: persist, then act. After a failed write every append throws; open it anew.
/// </summary>
public sealed class DecisionJournal : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly JournalWriter _writer;
    private readonly SyncPolicy _sync;
    private readonly TimeProvider _time;
    private readonly ITimer? _timer;
    private TaskCompletionSource _batch = NewBatch();
    private Task _commits = Task.CompletedTask;
    private bool _isCommitting;
    private bool _isSyncDue;
    private bool _isDisposed;

    private DecisionJournal(JournalWriter writer, JournalOptions options, TimeProvider time)
    {
        _writer = writer;
        _sync = options.Sync;
        _time = time;
        if (_sync.Interval is { } interval && interval > TimeSpan.Zero)
            _timer = time.CreateTimer(static state => ((DecisionJournal)state!).SyncSoon(), this, interval, interval);
    }

    /// <summary>What opening found.</summary>
    public RecoveryReport Recovery => _writer.Recovery;

    /// <summary>The last record that is on disk for certain.</summary>
    public Sequence SyncedThrough => new(_writer.SyncedThrough);

    /// <summary>Opens or creates a journal; see <see cref="JournalWriter.Open"/>.</summary>
    public static Result<DecisionJournal, Refusal> Open(IJournalStorage storage, JournalOptions options, TimeProvider time) =>
        JournalWriter.Open(storage, options).Then<DecisionJournal>(writer => new DecisionJournal(writer, options, time));

    /// <summary>Appends an entry. Cancelling stops the waiting, not the entry.</summary>
    /// <returns>The record's number, or why the entry is beyond the bounds of the format.</returns>
    /// <exception cref="IOException">Storage failed; whether the entry is there is unknown until the journal is opened anew.</exception>
    public async ValueTask<Result<Sequence, Refusal>> AppendAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Result<Sequence, Refusal> sequence;
        Task committed;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            sequence = _writer.Append(entry, _time.GetUtcNow());
            if (!sequence.IsOk)
                return sequence;
            committed = _batch.Task;
            StartCommitting();
        }

        await committed.WaitAsync(cancellationToken);
        return sequence;
    }

    /// <summary>Commits and syncs what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        Task commits;
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _isSyncDue = true;
            StartCommitting();
            commits = _commits;
        }

        if (_timer is not null)
            await _timer.DisposeAsync();
        await commits;
    }

    private static TaskCompletionSource NewBatch() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void SyncSoon()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isSyncDue = true;
            StartCommitting();
        }
    }

    // Under the lock. One commit runs at a time; what is appended meanwhile is the next batch.
    private void StartCommitting()
    {
        if (_isCommitting)
            return;
        _isCommitting = true;
        _commits = Task.Run(CommitUntilEmpty);
    }

    private void CommitUntilEmpty()
    {
        while (true)
        {
            TaskCompletionSource waiters;
            RecordBatch records;
            bool sync;
            lock (_lock)
            {
                if (_writer.IsEmpty && !_isSyncDue)
                {
                    _isCommitting = false;
                    return;
                }

                waiters = _batch;
                _batch = NewBatch();
                records = _writer.TakeBatch();
                sync = _isSyncDue || _sync.Interval == TimeSpan.Zero;
                _isSyncDue = false;
            }

            try
            {
                _writer.CommitBatch(records, sync);
                waiters.SetResult();
            }
            catch (Exception failure) when (failure is IOException or InvalidOperationException or UnauthorizedAccessException)
            {
                waiters.SetException(failure);
            }
        }
    }
}
