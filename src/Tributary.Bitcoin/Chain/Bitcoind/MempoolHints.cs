using System.Threading.Channels;

namespace Tributary.Bitcoin.Chain.Bitcoind;

/// <summary>One follower's queue of notifications. Bounded: at the bound the newest is dropped, and the follower looks at the whole mempool instead.</summary>
internal sealed class MempoolHints : IDisposable
{
    private const int HintsMax = 16_384;

    private readonly Channel<MempoolHint> _channel;
    private readonly Action<MempoolHints> _unsubscribe;
    private int _lost;
    private Task? _pending;

    internal MempoolHints(Action<MempoolHints> unsubscribe)
    {
        _unsubscribe = unsubscribe;
        _channel = Channel.CreateBounded<MempoolHint>(
            new BoundedChannelOptions(HintsMax) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
            _ => Volatile.Write(ref _lost, 1));
    }

    internal void Offer(MempoolHint hint) => _channel.Writer.TryWrite(hint);

    /// <summary>Completes when a hint is there. A wait that was abandoned is taken up again by the next.</summary>
    internal Task WaitAsync() => _pending is { IsCompleted: false } ? _pending : _pending = _channel.Reader.WaitToReadAsync(CancellationToken.None).AsTask();

    internal bool TryRead(out MempoolHint hint) => _channel.Reader.TryRead(out hint);

    /// <summary>True once after hints were dropped.</summary>
    internal bool TakeLost() => Interlocked.Exchange(ref _lost, 0) != 0;

    public void Dispose() => _unsubscribe(this);
}
