using System.Diagnostics;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Tests.Routing;

namespace Tributary.Lightning.Benchmarks;

/// <summary>
/// A thousand payments between nodes of the public network, drawn from a seed: how long a path takes, what it costs against a plain Dijkstra,
/// what the graph takes.
/// </summary>
internal static class PathFindingReport
{
    private const int Paths = 1000;
    private const ulong Seed = 2026;

    internal static void Run(TextWriter output)
    {
        var loading = Stopwatch.StartNew();
        if (PublicGraphFile.Load() is not { } graph)
        {
            output.WriteLine("The public graph or the program xz is not here: set TRIBUTARY_DATA to the folder that holds the data.");
            return;
        }

        output.WriteLine($"graph        {graph.NodeCount:N0} nodes, {graph.ChannelCount:N0} channels, arrays {graph.ByteCount / 1048576.0:F1} MiB, unpacked and loaded in {loading.ElapsedMilliseconds} ms");
        var oracle = new RouteOracle(graph);
        var finder = new PathFinder(graph);
        var draws = new SampleQueries(graph, Seed);
        var queries = new List<(RouteQuery Query, long Least)>();
        var worst = 1.0;
        var (unreachable, hops) = (0, 0L);
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
            queries.Add((query, least));
        }

        output.WriteLine($"queries      {Paths} with a path ({unreachable} drawn ones have none), {hops / (double)Paths:F1} hops on average");
        output.WriteLine($"cost         at most {worst:F6} times that of the oracle");

        // On a busy machine a query is now and then interrupted: the quickest of five runs of each query is the search itself.
        var best = new double[Paths];
        Array.Fill(best, double.MaxValue);
        for (var round = 1; round <= 5; round++)
            output.WriteLine($"round {round}      {Measure(finder, queries, best)}");
        output.WriteLine($"quickest     {Percentiles(best)}");

        var snapshot = GraphSnapshot.Write(graph, new GossipArchive());
        var restoring = Stopwatch.StartNew();
        _ = GraphSnapshot.Read(snapshot, new GossipArchive()).Value;
        output.WriteLine($"snapshot     {snapshot.Length / 1048576.0:F1} MiB without messages, restored in {restoring.ElapsedMilliseconds} ms");
        output.WriteLine($"process      working set {Environment.WorkingSet / 1048576} MiB with oracle and queries");
    }

    private static string Measure(PathFinder finder, List<(RouteQuery Query, long Least)> queries, double[] best)
    {
        var (times, settled) = (new double[queries.Count], 0L);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            _ = finder.Find(queries[i].Query);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            best[i] = Math.Min(best[i], times[i]);
            settled += finder.SettledNodes;
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return $"{Percentiles(times)}; {settled / times.Length} nodes settled, {allocated / times.Length} bytes allocated a path";
    }

    private static string Percentiles(double[] times)
    {
        double[] sorted = [.. times.Order()];
        return $"p50 {sorted[sorted.Length / 2]:F3} ms, p90 {sorted[sorted.Length * 9 / 10]:F3} ms, p99 {sorted[sorted.Length * 99 / 100]:F3} ms, most {sorted[^1]:F3} ms";
    }
}
