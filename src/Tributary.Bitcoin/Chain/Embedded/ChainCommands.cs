using System.Threading.Channels;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Chain.Embedded;

/// <summary>
/// Lets many threads use one <see cref="ChainEngine"/>. Commands wait in a bounded queue; one worker applies what has come, commits it with
/// one flush of the disk, and only then answers. Readers take turns with the worker, so they never see what is not durable. When the disk
/// refuses, memory is ahead of it: the engine is not used again.
/// </summary>
internal sealed class ChainCommands : IAsyncDisposable
{
    private const int WaitingMax = 1024;

    /// <summary>A batch ends when it has so many commands or bytes.</summary>
    private const int BatchMax = 64;
    private const int BatchBytesMax = 8 << 20;

    private readonly ChainEngine _engine;
    private readonly Action<ChainEngine, ChainError?> _afterCommit;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Channel<ICommand> _queue = Channel.CreateBounded<ICommand>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly Task _worker;
    private ChainError? _failure;

    /// <param name="engine">Owned and disposed of here.</param>
    /// <param name="afterCommit">Called after each batch, with the failure that ended everything if there is one.</param>
    internal ChainCommands(ChainEngine engine, Action<ChainEngine, ChainError?> afterCommit)
    {
        _engine = engine;
        _afterCommit = afterCommit;
        _worker = Task.Run(WorkAsync);
    }

    private interface ICommand
    {
        void Apply(ChainEngine engine);

        /// <summary>Answers, once what was applied is durable.</summary>
        void Answer();

        void Fail(ChainError error);

        /// <summary>Answers with an exception: the command ran into an error of ours.</summary>
        void Throw(Exception exception);
    }

    internal async ValueTask<Result<T, ChainError>> RunAsync<T>(Func<ChainEngine, Result<T, ChainError>> run, CancellationToken cancellationToken)
        where T : notnull
    {
        var command = new Command<T>(run, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(command, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            return Closed();
        }

        return await command.Task;
    }

    internal async ValueTask<Result<T, ChainError>> ReadAsync<T>(Func<ChainEngine, Result<T, ChainError>> read, CancellationToken cancellationToken)
        where T : notnull
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _failure is { } failure ? failure : read(_engine);
        }
        catch (IOException exception)
        {
            return new ChainError(ChainErrorKind.Unreachable, $"The chain's file can't be read: {exception.Message}");
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _worker;
        await _gate.WaitAsync();
        _failure ??= Closed();
        await _engine.DisposeAsync();
        _gate.Release();
    }

    private static ChainError Closed() => new(ChainErrorKind.Closed, "The chain is closed.");

    private async Task WorkAsync()
    {
        var batch = new List<ICommand>();
        while (await _queue.Reader.WaitToReadAsync())
        {
            await _gate.WaitAsync();
            try
            {
                await ApplyBatchAsync(batch);
            }
            finally
            {
                _gate.Release();
            }

            _afterCommit(_engine, _failure);
            foreach (var command in batch)
            {
                if (_failure is { } failure)
                    command.Fail(failure);
                else
                    command.Answer();
            }

            batch.Clear();
        }
    }

    private async ValueTask ApplyBatchAsync(List<ICommand> batch)
    {
        try
        {
            while (batch.Count < BatchMax && _engine.PendingBytes < BatchBytesMax && _queue.Reader.TryRead(out var command))
            {
                batch.Add(command);
                if (_failure is null)
                    command.Apply(_engine);
            }

            if (_failure is null)
                await _engine.CommitAsync();
        }
        catch (IOException exception)
        {
            _failure = new ChainError(ChainErrorKind.Closed, $"The chain can't write its log and has stopped: {exception.Message} Make room on the disk and restart.");
        }
        catch (Exception exception)
        {
            // A bug. Memory may be half changed and nothing of the batch is written: stop here, and tell the one who hit it.
            _failure = new ChainError(ChainErrorKind.Closed, $"The chain has stopped because of an error of its own: {exception.Message} Restart it.");
            batch[^1].Throw(exception);
        }
    }

    private sealed class Command<T>(Func<ChainEngine, Result<T, ChainError>> run, CancellationToken cancellationToken) : ICommand
        where T : notnull
    {
        private readonly TaskCompletionSource<Result<T, ChainError>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Result<T, ChainError> _result;
        private bool _isCancelled;

        internal Task<Result<T, ChainError>> Task => _answer.Task;

        public void Apply(ChainEngine engine)
        {
            // Cancelled while it waited: nothing happens. Once applied it is answered.
            _isCancelled = cancellationToken.IsCancellationRequested;
            if (!_isCancelled)
                _result = run(engine);
        }

        public void Answer()
        {
            if (_isCancelled)
                _answer.TrySetCanceled(cancellationToken);
            else
                _answer.TrySetResult(_result);
        }

        public void Fail(ChainError error) => _answer.TrySetResult(error);

        public void Throw(Exception exception) => _answer.TrySetException(exception);
    }
}
