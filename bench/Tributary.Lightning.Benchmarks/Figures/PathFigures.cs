using System.Diagnostics;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Tests.Routing;

namespace Tributary.Lightning.Benchmarks.Figures;

/// <summary>A thousand payments between nodes of the public network, drawn from a seed: how long a path takes, and what it costs against a plain Dijkstra.</summary>
internal static class PathFigures
{
    private const int Paths = 1000;
    private const int Rounds = 5;
    private const ulong Seed = 2026;

    internal static void AddTo(FigureReport report, TextWriter log)
    {
        if (PublicGraphFile.Load() is not { } graph)
        {
            log.WriteLine("Paths are left out: the public graph or the program xz is not here; set TRIBUTARY_DATA to the folder that holds the data.");
            return;
        }

        var oracle = new RouteOracle(graph);
        var finder = new PathFinder(graph);
        var draws = new SampleQueries(graph, Seed);
        var queries = new List<RouteQuery>();
        var (worst, unreachable, hops) = (1.0, 0, 0L);
        while (queries.Count < Paths)
        {
            var query = draws.Next();
            if (oracle.LeastCost(query) is not { } least)
            {
                unreachable++;
                continue;
            }

            var route = finder.Find(query).Value;
            hops += route.Hops.Count;
            worst = Math.Max(worst, RouteOracle.PriceOf(graph, query, route)!.Value / Math.Max(1.0, least));
            queries.Add(query);
        }

        // On a busy machine a query is now and then interrupted: the quickest of five rounds is the search itself; the first round is told as well.
        var (best, first) = (new double[Paths], new double[Paths]);
        Array.Fill(best, double.MaxValue);
        var (allocated, settled) = (GC.GetAllocatedBytesForCurrentThread(), 0L);
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Paths; i++)
            {
                var start = Stopwatch.GetTimestamp();
                _ = finder.Find(queries[i]);
                var took = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                if (round == 0)
                    first[i] = took;
                best[i] = Math.Min(best[i], took);
                settled += finder.SettledNodes;
            }
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(best);
        Array.Sort(first);
        KeyValuePair<string, object>[] conditions =
        [
            new("nodes", graph.NodeCount), new("channels", graph.ChannelCount), new("pairs", Paths), new("without a path", unreachable),
            new("hops", hops / (double)Paths), new("first round p50 ms", first[Paths / 2]), new("first round p99 ms", first[Paths * 99 / 100]),
            new("nodes settled", settled / (double)(Paths * Rounds)), new("bytes allocated", allocated / (double)(Paths * Rounds)),
        ];
        report.Add(new Figure("paths.p50", best[Paths / 2], "ms", null, 1, conditions));
        report.Add(new Figure("paths.p99", best[Paths * 99 / 100], "ms", null, 10, conditions));
        report.Add(new Figure("paths.cost", worst, "of the oracle's", null, 1.05, [new("pairs", Paths), new("seed", (int)Seed)]));
        var snapshot = GraphSnapshot.Write(graph, new GossipArchive());
        var restoring = Stopwatch.StartNew();
        _ = GraphSnapshot.Read(snapshot, new GossipArchive()).Value;
        report.Add(new Figure("paths.snapshot", restoring.Elapsed.TotalMilliseconds, "ms to restore", null, null, [new("mebibytes", snapshot.Length / 1048576.0)]));
    }
}
