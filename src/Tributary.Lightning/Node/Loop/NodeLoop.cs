using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Tributary.Storage.Logs;

namespace Tributary.Lightning.Node.Loop;

/// <summary>
/// The one loop that drives all machines of a node: takes inputs in batches, lets them act, appends their records to the log, and hands the
/// effects over when the records are durable. While one batch is on its way to disk the next is taken.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer: there is nothing to dispose of, and late callers look at it.")]
internal sealed class NodeLoop
{
    /// <summary>Inputs of one batch: enough to share a flush, few enough that effects do not wait long.</summary>
    private const int InputsMax = 2048;

    /// <summary>Bytes after which a batch is closed.</summary>
    private const int BatchBytesMax = 4 << 20;

    /// <summary>Bytes after which a batch that nothing rests on is written all the same.</summary>
    private const int OpenBytesMax = 64 << 10;

    /// <summary>Turns that may wait for the disk.</summary>
    private const int TurnsMax = 32;

    private readonly Channel<Action<Turn>> _inputs = Channel.CreateUnbounded<Action<Turn>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<(Turn Turn, Task Durable)> _turns = Channel.CreateBounded<(Turn Turn, Task Durable)>(new BoundedChannelOptions(TurnsMax) { SingleReader = true, SingleWriter = true });
    private readonly Channel<Turn> _free = Channel.CreateUnbounded<Turn>();
    private readonly CancellationTokenSource _ended = new();
    private readonly TaskCompletionSource<Exception> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called in the loop when a batch has its place in the log: everything in memory is as of this batch.</summary>
    internal Action<LogSequence>? Appended { get; set; }

    /// <summary>Called beside the loop when records are durable, before anything leaves that rests on them.</summary>
    internal Action? Durable { get; set; }

    /// <summary>Cancelled when the loop has ended: nothing that waits for it comes any more.</summary>
    internal CancellationToken Ended => _ended.Token;

    /// <summary>What failed beside the loop, if anything.</summary>
    internal Exception? Fault => _fault.Task.IsCompletedSuccessfully ? _fault.Task.GetAwaiter().GetResult() : null;

    /// <summary>Ends the loop: something beside it failed that the node cannot do without.</summary>
    internal void Fail(Exception exception) => _fault.TrySetResult(exception);

    /// <summary>Queues an input. Whoever posts for others bounds what they may have queued.</summary>
    internal void Post(Action<Turn> input) => _inputs.Writer.TryWrite(input);

    /// <summary>Runs a command in the loop and answers when what it led to is durable.</summary>
    /// <exception cref="OperationCanceledException">The loop has ended: whether the command was carried out shows when the node is opened again.</exception>
    internal async Task<T> AskAsync<T>(Func<Turn, T> command)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var end = _ended.Token.UnsafeRegister(static (waiting, token) => ((TaskCompletionSource<T>)waiting!).TrySetCanceled(token), answer);
        Post(turn =>
        {
            var value = command(turn);
            turn.Afterwards(() => answer.TrySetResult(value));
        });
        return await answer.Task;
    }

    /// <summary>Drives until it is cancelled: what was taken by then is still written and its effects still leave.</summary>
    /// <param name="log">Where records go.</param>
    /// <param name="settle">Called after the inputs of a batch: channels sign what they owe.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    /// <exception cref="IOException">The log has stopped. Nothing of what was not durable has left.</exception>
    internal async Task RunAsync(RecordLog log, Action<Turn> settle, CancellationToken cancellationToken)
    {
        var releasing = ReleaseAsync();
        var failed = Task.WhenAny(releasing, log.Fatal, _fault.Task);
        _ = failed.ContinueWith(_ => _inputs.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            Turn? open = null;
            while (await WaitAsync(cancellationToken) && !failed.IsCompleted)
            {
                var turn = open ?? (_free.Reader.TryRead(out var used) ? used : new Turn());
                open = null;
                for (var i = 0; i < InputsMax && turn.Batch.Length < BatchBytesMax && _inputs.Reader.TryRead(out var input); i++)
                {
                    input(turn);
                    turn.RunFollowers();
                }

                settle(turn);
                turn.RunFollowers();

                // Nothing leaves that rests on it: lost, it is as if its inputs had not come, and the next turn's flush serves it too.
                if (!turn.HasEffects && turn.Batch.Length < OpenBytesMax)
                    open = turn;
                else
                    await HandOnAsync(log, turn);
            }

            if (open is { Batch.Count: > 0 } && !failed.IsCompleted)
                await HandOnAsync(log, open);
        }
        catch (ChannelClosedException)
        {
            // The effects' side has failed; its reason comes below.
        }
        finally
        {
            _inputs.Writer.TryComplete();
            _turns.Writer.TryComplete();
            await releasing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _ended.CancelAsync();
        }

        await releasing;
        if (log.Fatal.IsCompleted)
            throw await log.Fatal;
        if (_fault.Task.IsCompleted)
            throw await _fault.Task;
    }

    /// <summary>Has what a turn left open written, if there is any: to be posted now and then.</summary>
    internal static void CloseTurn(Turn turn)
    {
        if (turn.Batch.Count > 0)
            turn.Afterwards(static () => { });
    }

    private async ValueTask HandOnAsync(RecordLog log, Turn turn) => await _turns.Writer.WriteAsync((turn, Append(log, turn)), CancellationToken.None);

    private Task Append(RecordLog log, Turn turn)
    {
        if (turn.Batch.Count == 0)
            return Task.CompletedTask;
        if (!log.TryAppend(turn.Batch, out var commit))
            return log.AppendAsync(turn.Batch, CancellationToken.None).AsTask();
        Appended?.Invoke(commit.Sequence);
        return commit.Durable;
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _inputs.Reader.WaitToReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            while (await _turns.Reader.WaitToReadAsync())
            {
                while (_turns.Reader.TryRead(out var next))
                {
                    await next.Durable;
                    if (next.Turn.Batch.Count > 0)
                        Durable?.Invoke();
                    next.Turn.RunEffects();
                    next.Turn.Clear();
                    _free.Writer.TryWrite(next.Turn);
                }
            }
        }
        catch (Exception exception)
        {
            _turns.Writer.TryComplete(exception);
            throw;
        }
    }
}
