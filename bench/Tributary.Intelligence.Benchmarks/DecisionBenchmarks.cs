using BenchmarkDotNet.Attributes;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Journal.Format;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Ranking;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>A decision with and without reasons, its policy alone, its entry in the journal, and a routing choice.</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private readonly RailOffer[] _offers = [.. Enumerable.Range(0, 5).Select(i => RailOffer.Named($"rail{i}"))];
    private DecisionBench _bench = null!;
    private RecordEncoder _encoder = null!;
    private ulong _sequence;
    private AnalystDecision _decision = null!;
    private RailRouter _router = null!;
    private RailRouter _plainRouter = null!;
    private int _payments;

    [GlobalSetup]
    public void Setup()
    {
        _bench = new DecisionBench();
        _decision = _bench.Decide(withReasons: true);
        _encoder = new RecordEncoder(default);
        _router = new RailRouter(BanditSettings.Default, TimeProvider.System, new Xoshiro256(1));
        _plainRouter = new RailRouter(BanditSettings.Default with { LogPropensities = false }, TimeProvider.System, new Xoshiro256(1));
    }

    [Benchmark]
    public Verdict Decide() => _bench.Decide(withReasons: false).Verdict;

    [Benchmark]
    public Verdict DecideWithReasons() => _bench.Decide(withReasons: true).Verdict;

    [Benchmark]
    public Verdict EvaluatePolicy() => _bench.Evaluate().Verdict;

    [Benchmark]
    public int JournalWithoutDisk() => _encoder.Encode(_decision.Entry, ++_sequence, DateTimeOffset.UnixEpoch).Value.Length;

    [Benchmark]
    public bool RouteAndReport() => Route(_router);

    [Benchmark]
    public bool RouteAndReportWithoutPropensities() => Route(_plainRouter);

    private bool Route(RailRouter router)
    {
        var choice = router.Choose("de", _offers).Value;
        return router.Report(choice, _payments++ % 8 != 0);
    }
}
