using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Chain.Embedded.Pool;

/// <summary>
/// The feerate below which a mempool that was full takes nothing: what was thrown out last and a step more, halved over time once blocks
/// make room again (Bitcoin Core's rolling minimum).
/// </summary>
internal sealed class MempoolFloor(FeeratePerKvB step)
{
    private const long HalfLifeSeconds = 12 * 60 * 60;

    private long _rate;
    private long _since;
    private bool _hasBlockCome;

    /// <summary>The floor now; zero where nothing was thrown out lately.</summary>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="isHalfEmpty">The mempool is less than half full: the floor sinks faster.</param>
    internal FeeratePerKvB At(long now, bool isHalfEmpty)
    {
        if (_rate == 0 || !_hasBlockCome)
            return new FeeratePerKvB(_rate);
        var halfLife = isHalfEmpty ? HalfLifeSeconds / 2 : HalfLifeSeconds;
        var halvings = Math.Clamp((now - _since) / halfLife, 0, 62);
        _rate >>= (int)halvings;
        _since += halvings * halfLife;
        if (_rate < step.Value / 2)
            _rate = 0;
        return new FeeratePerKvB(_rate);
    }

    /// <summary>Something of this feerate was thrown out for lack of room.</summary>
    internal void Raise(FeeratePerKvB thrownOut, long now)
    {
        var rate = Math.Min(int.MaxValue, thrownOut.Value + step.Value);
        if (rate <= _rate)
            return;
        _rate = rate;
        _since = now;
        _hasBlockCome = false;
    }

    internal void BlockCame(long now)
    {
        if (_hasBlockCome)
            return;
        _hasBlockCome = true;
        _since = now;
    }
}
