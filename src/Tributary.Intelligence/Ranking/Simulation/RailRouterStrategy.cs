using System.Globalization;
using Tributary.Primitives.Contracts;

namespace Tributary.Intelligence.Ranking.Simulation;

/// <summary>Lets the simulator play <see cref="RailRouter"/>, which sees names and times as in production.</summary>
public sealed class RailRouterStrategy : IRoutingStrategy
{
    private readonly SimulatedClock _clock = new();
    private readonly RailRouter _router;
    private readonly RailOffer[] _offers;
    private readonly Dictionary<(int Segment, int Processor), Queue<RoutingChoice>> _pending = [];

    public RailRouterStrategy(BanditSettings settings, int processors, IEntropy entropy)
    {
        _router = new RailRouter(settings, _clock, entropy);
        _offers = [.. Enumerable.Range(0, processors).Select(j => RailOffer.Named(j.ToString(CultureInfo.InvariantCulture)))];
    }

    /// <inheritdoc/>
    public int Choose(int segment, TimeSpan now)
    {
        _clock.MoveTo(now);
        var choice = _router.Choose(segment.ToString(CultureInfo.InvariantCulture), _offers).Value;
        var processor = int.Parse(choice.Rail, CultureInfo.InvariantCulture);
        if (!_pending.TryGetValue((segment, processor), out var queue))
            _pending[(segment, processor)] = queue = new Queue<RoutingChoice>();
        queue.Enqueue(choice);
        return processor;
    }

    /// <inheritdoc/>
    public void Report(int segment, int processor, bool succeeded, TimeSpan now)
    {
        _clock.MoveTo(now);
        _router.Report(_pending[(segment, processor)].Dequeue(), succeeded);
    }
}
