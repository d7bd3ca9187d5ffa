using Tributary.Storage.Relational;

namespace Tributary.Storage.Sqlite;

/// <summary>A caller's work on its way through the writing loop: run in a savepoint, answered after the commit.</summary>
internal abstract class SqliteJob
{
    /// <summary>The work ran to its end; otherwise its savepoint is taken back.</summary>
    public bool IsDone { get; protected set; }

    public abstract ValueTask RunAsync(ISqlTransaction transaction);

    /// <summary>Tells the caller what the work gave, or threw.</summary>
    public abstract void Answer();

    /// <summary>Tells the caller that the commit did not happen as far as anyone knows.</summary>
    public abstract void Fail(Exception exception);
}

/// <inheritdoc/>
internal sealed class SqliteJob<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) : SqliteJob
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _value;
    private Exception? _exception;

    public Task<T> Completion => _completion.Task;

    public override async ValueTask RunAsync(ISqlTransaction transaction)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _value = await work(transaction, cancellationToken);
            IsDone = true;
        }
#pragma warning disable CA1031 // Whatever the work throws is its caller's.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _exception = exception;
        }
    }

    public override void Answer()
    {
        if (_exception is OperationCanceledException cancelled)
            _completion.TrySetCanceled(cancelled.CancellationToken);
        else if (_exception is not null)
            _completion.TrySetException(_exception);
        else
            _completion.TrySetResult(_value!);
    }

    public override void Fail(Exception exception) => _completion.TrySetException(exception);
}
