using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Tributary.Bitcoin.Chain;

namespace Tributary.Server.Chain;

/// <summary>
/// Follows the chain for the pages: keeps the newest blocks and wakes whoever waits for a change. One writer (the background loop),
/// any number of readers; a page reads what is here and never waits for the node.
/// </summary>
internal sealed partial class ChainWatch(IChainSource source, TimeProvider clock, ILogger<ChainWatch> log) : BackgroundService
{
    private const int BlocksShown = 12;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private ImmutableList<BlockLine> _blocks = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _version;

    /// <summary>The state now.</summary>
    internal ChainView View
    {
        get
        {
            lock (_lock)
                return new ChainView(source.Status, _blocks, _version);
        }
    }

    /// <summary>The version at each change, the present one first; changes in between may be missed, the last one never.</summary>
    internal async IAsyncEnumerable<long> ChangesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            long version;
            lock (_lock)
                (changed, version) = (_changed.Task, _version);
            yield return version;
            await changed.WaitAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ChainSourceLostException lost)
            {
                LogLost(lost.Error.Reason);
                Change(static blocks => blocks);
                await Task.Delay(s_pause, clock, stoppingToken);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        Change(static _ => []);
        await foreach (var step in source.FollowAsync(await FindStartAsync(cancellationToken), cancellationToken))
        {
            switch (step)
            {
                case ChainEvent.Connected connected:
                    Change(blocks => [Line(connected), .. blocks.Take(BlocksShown - 1)]);
                    break;
                case ChainEvent.Disconnected disconnected:
                    Change(blocks => blocks.RemoveAll(line => line.Hash == disconnected.Block.Hash));
                    break;
            }
        }
    }

    /// <summary>A little below the tip: the page shows the newest blocks, not the whole chain.</summary>
    private async Task<ChainTip?> FindStartAsync(CancellationToken cancellationToken)
    {
        var tip = await source.GetTipAsync(cancellationToken);
        if (!tip.TryGet(out var top, out var error))
            throw new ChainSourceLostException(error);
        if (top.Height < BlocksShown)
            return null;

        var height = top.Height - BlocksShown;
        var hash = await source.GetBlockHashAsync(height, cancellationToken);
        return hash.TryGet(out var start, out error) ? new ChainTip(height, start) : throw new ChainSourceLostException(error);
    }

    private void Change(Func<ImmutableList<BlockLine>, ImmutableList<BlockLine>> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _blocks = change(_blocks);
            _version++;
            (changed, _changed) = (_changed, NewSignal());
        }

        changed.SetResult();
    }

    private static BlockLine Line(ChainEvent.Connected connected) => new(
        connected.Height,
        connected.Block.Hash,
        DateTimeOffset.FromUnixTimeSeconds(connected.Block.Header.Time),
        connected.Block.Transactions.Length,
        connected.Block.Memory.Length);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The chain source is away: {Reason}")]
    private partial void LogLost(string reason);
}
