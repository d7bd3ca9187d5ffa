using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>
/// Another world whose segments succeed less often at all processors alike: issuers and countries that decline more, whoever asks. What a processor
/// reaches in one segment then says little about what it reaches in another, though the order of processors stays.
/// </summary>
public sealed class SegmentLevelWorld : IRoutingWorld
{
    private readonly IRoutingWorld _world;
    private readonly double[] _levels;
    private readonly double[] _probabilities;

    /// <param name="world">The world.</param>
    /// <param name="least">The smallest factor on a segment's success rates, above 0 and at most 1; factors are drawn evenly from there to 1.</param>
    /// <param name="seed">The seed of the factors.</param>
    public SegmentLevelWorld(IRoutingWorld world, double least, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(least, 1);
        _world = world;
        var variates = new Variates(new Xoshiro256(seed));
        _levels = [.. Enumerable.Range(0, world.SegmentCount).Select(_ => least + ((1 - least) * variates.NextUniform()))];
        _probabilities = new double[world.ProcessorCount];
    }

    /// <inheritdoc/>
    public int ProcessorCount => _world.ProcessorCount;

    /// <inheritdoc/>
    public int SegmentCount => _world.SegmentCount;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Probabilities => _probabilities;

    /// <inheritdoc/>
    public bool TryNext(out RoutingArrival arrival)
    {
        if (!_world.TryNext(out arrival))
            return false;
        for (var processor = 0; processor < _probabilities.Length; processor++)
            _probabilities[processor] = _world.Probabilities[processor] * _levels[arrival.Segment];
        return true;
    }
}
