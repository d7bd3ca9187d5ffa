namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>Successes and failures that fade exponentially, once per half-life held possible.</summary>
internal sealed class FadingCounts(int halfLives)
{
    private double _tick;

    public double[] Successes { get; } = new double[halfLives];

    public double[] Failures { get; } = new double[halfLives];

    /// <summary>Fades the counts to the tick given. Ticks that run backwards change nothing.</summary>
    public void FadeTo(double tick, ReadOnlySpan<double> halfLifeTicks)
    {
        var elapsed = tick - _tick;
        if (elapsed <= 0)
            return;
        _tick = tick;
        for (var h = 0; h < halfLifeTicks.Length; h++)
        {
            var keep = Math.Pow(2, -elapsed / halfLifeTicks[h]);
            Successes[h] *= keep;
            Failures[h] *= keep;
        }
    }

    /// <summary>Adds one outcome with a weight in [0, 1].</summary>
    public void Add(bool succeeded, double weight)
    {
        foreach (ref var count in (succeeded ? Successes : Failures).AsSpan())
            count += weight;
    }

    /// <summary>Adds an outcome to one half-life alone, as a share of a success that may lie outside of [0, 1].</summary>
    public void Add(int halfLife, double success, double weight)
    {
        Successes[halfLife] += weight * success;
        Failures[halfLife] += weight * (1 - success);
    }

    /// <summary>A cell created now has nothing to fade.</summary>
    public void StartAt(double tick) => _tick = tick;
}
