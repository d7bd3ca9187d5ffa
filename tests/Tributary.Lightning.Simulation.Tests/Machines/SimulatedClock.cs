namespace Tributary.Lightning.Simulation.Tests.Machines;

/// <summary>The time of a simulated world: it stands still until it is moved, and timers fire in their order.</summary>
internal sealed class SimulatedClock
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<SimulatedTimer, (long Due, long Order)> _timers = new();
    private long _order;

    /// <summary>Since the world began.</summary>
    internal TimeSpan Elapsed { get; private set; }

    internal DateTimeOffset Now => s_start + Elapsed;

    internal long UnixSeconds => Now.ToUnixTimeSeconds();

    /// <summary>Moves on; each timer that is due fires at its own moment, in the process that set it.</summary>
    internal void Advance(TimeSpan by, Action settle)
    {
        var until = Elapsed + by;
        while (_timers.TryPeek(out var timer, out var key) && key.Due <= until.Ticks)
        {
            _timers.Dequeue();
            if (timer.IsOver || timer.Due != key.Due)
                continue;
            Elapsed = TimeSpan.FromTicks(Math.Max(Elapsed.Ticks, key.Due));
            timer.Fire();
            settle();
        }

        Elapsed = until;
    }

    /// <summary>The clock of one process, which may be wrong.</summary>
    internal TimeProvider For(SimulatedProcess process, TimeSpan skew) => new View(this, process, skew);

    private void Schedule(SimulatedTimer timer) => _timers.Enqueue(timer, (timer.Due, _order++));

    private sealed class View(SimulatedClock clock, SimulatedProcess process, TimeSpan skew) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => clock.Now + skew;

        public override long GetTimestamp() => clock.Elapsed.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new SimulatedTimer(clock, process, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }
    }

    private sealed class SimulatedTimer(SimulatedClock clock, SimulatedProcess process, Action callback) : ITimer
    {
        private TimeSpan _period;

        internal long Due { get; private set; } = -1;

        internal bool IsOver => Due < 0 || process.IsDead;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Due = -1;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            Due = (clock.Elapsed + dueTime).Ticks;
            clock.Schedule(this);
            return true;
        }

        public void Dispose() => Due = -1;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal void Fire()
        {
            Due = -1;
            if (_period > TimeSpan.Zero)
                Change(_period, _period);
            process.Run(callback);
        }
    }
}
