namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>Counts ticks: one per choice and one per so many seconds. Time that runs backwards counts as none.</summary>
internal sealed class TickClock(double secondsPerTick)
{
    private DateTimeOffset _latest;
    private bool _started;

    public double Tick { get; private set; }

    public void Advance(DateTimeOffset now, int choices)
    {
        Tick += choices;
        if (_started && now > _latest)
            Tick += (now - _latest).TotalSeconds / secondsPerTick;
        if (!_started || now > _latest)
            _latest = now;
        _started = true;
    }
}
