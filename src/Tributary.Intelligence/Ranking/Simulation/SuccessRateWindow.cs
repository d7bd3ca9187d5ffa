using Tributary.Intelligence.Ranking.Sampling;

namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>
/// The baseline that payment orchestrators use: per segment the processor with the best success rate over its last outcomes,
/// and a small share of payments spread evenly so that every window keeps filling.
/// </summary>
/// <param name="segments">Segments.</param>
/// <param name="processors">Processors.</param>
/// <param name="windowLength">Outcomes kept per segment and processor; an empty window counts as a success rate of one.</param>
/// <param name="hedgingShare">The share of payments that is spread evenly.</param>
/// <param name="variates">Draws for the hedging.</param>
public sealed class SuccessRateWindow(int segments, int processors, int windowLength, double hedgingShare, Variates variates) : IRoutingStrategy
{
    private readonly bool[] _outcomes = new bool[segments * processors * windowLength];
    private readonly int[] _next = new int[segments * processors];
    private readonly int[] _count = new int[segments * processors];
    private readonly int[] _successes = new int[segments * processors];

    /// <inheritdoc/>
    public int Choose(int segment, TimeSpan now)
    {
        if (variates.NextUniform() < hedgingShare)
            return variates.NextIndex(processors);

        var best = 0;
        var bestRate = -1.0;
        for (var j = 0; j < processors; j++)
        {
            var cell = (segment * processors) + j;
            var rate = _count[cell] == 0 ? 1.0 : (double)_successes[cell] / _count[cell];
            if (rate > bestRate)
                (best, bestRate) = (j, rate);
        }

        return best;
    }

    /// <inheritdoc/>
    public void Report(int segment, int processor, bool succeeded, TimeSpan now)
    {
        var cell = (segment * processors) + processor;
        var slot = (cell * windowLength) + _next[cell];
        if (_count[cell] == windowLength)
            _successes[cell] -= _outcomes[slot] ? 1 : 0;
        else
            _count[cell]++;
        _outcomes[slot] = succeeded;
        _successes[cell] += succeeded ? 1 : 0;
        _next[cell] = (_next[cell] + 1) % windowLength;
    }
}
