namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>A clock that stands where the simulator puts it.</summary>
public sealed class SimulatedClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _elapsed;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Puts the clock.</summary>
    public void MoveTo(TimeSpan elapsed) => _elapsed = elapsed;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Start + _elapsed;

    /// <inheritdoc/>
    public override long GetTimestamp() => _elapsed.Ticks;
}
