using BenchmarkDotNet.Attributes;
using Tributary.Intelligence.Decisions;
using Tributary.Intelligence.Journal;
using Tributary.Intelligence.Journal.Storage;
using Tributary.Intelligence.Policy;
using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Ranking.Sampling;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>A decision with and without reasons, its policy alone, its entry in the journal, and a routing choice.</summary>
[MemoryDiagnoser]
public class DecisionBenchmarks
{
    private readonly RailOffer[] _offers = [.. Enumerable.Range(0, 5).Select(i => RailOffer.Named($"rail{i}"))];
    private DecisionBench _bench = null!;
    private JournalWriter _writer = null!;
    private AnalystDecision _decision = null!;
    private RailRouter _router = null!;
    private RailRouter _plainRouter = null!;
    private int _payments;

    [GlobalSetup]
    public void Setup()
    {
        _bench = new DecisionBench();
        _decision = _bench.Decide(withReasons: true);
        _writer = JournalWriter.Open(new Nowhere(), new JournalOptions()).Value;
        _router = new RailRouter(BanditSettings.Default, TimeProvider.System, new SeededEntropy(1));
        _plainRouter = new RailRouter(BanditSettings.Default with { LogPropensities = false }, TimeProvider.System, new SeededEntropy(1));
    }

    [Benchmark]
    public Verdict Decide() => _bench.Decide(withReasons: false).Verdict;

    [Benchmark]
    public Verdict DecideWithReasons() => _bench.Decide(withReasons: true).Verdict;

    [Benchmark]
    public Verdict EvaluatePolicy() => _bench.Evaluate().Verdict;

    [Benchmark]
    public void JournalWithoutDisk()
    {
        _writer.Append(_decision.Entry, DateTimeOffset.UnixEpoch);
        _writer.Commit(sync: false);
    }

    [Benchmark]
    public bool RouteAndReport() => Route(_router);

    [Benchmark]
    public bool RouteAndReportWithoutPropensities() => Route(_plainRouter);

    private bool Route(RailRouter router)
    {
        var choice = router.Choose("de", _offers).Value;
        return router.Report(choice, _payments++ % 8 != 0);
    }

    private sealed class Nowhere : IJournalStorage
    {
        public IReadOnlyList<int> Segments => [];

        public long Length(int segment) => 0;

        public int Read(int segment, long offset, Span<byte> destination) => 0;

        public void Append(int segment, ReadOnlySpan<byte> bytes)
        {
        }

        public void Sync(int segment)
        {
        }

        public void Truncate(int segment, long length)
        {
        }
    }
}
