using Tributary.Lightning.Gossip;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Tests.Gossip;

namespace Tributary.Lightning.Tests.Routing;

public sealed class PublicGraphTests(ITestOutputHelper output)
{
    private const int PathsWanted = 100;

    [Fact]
    public void Paths_on_the_public_network_cost_what_a_plain_Dijkstra_finds()
    {
        var graph = PublicGraph.Graph;
        var queries = new SampleQueries(graph, 2026);
        var oracle = new RouteOracle(graph);
        var finder = new PathFinder(graph);
        var (found, worst, settled) = (0, 1.0, 0L);
        for (var i = 0; found < PathsWanted; i++)
        {
            var query = queries.Next();
            var least = oracle.LeastCost(query);
            var result = finder.Find(query);
            settled += finder.SettledNodes;
            if (least is null)
                continue;
            Assert.True(result.TryGet(out var route), $"{i}: the oracle has a path of cost {least}");
            Assert.Equal(RouteOracle.PriceOf(graph, query, route), route.Cost);
            Assert.InRange(route.Cost, 0, (long)(least.Value * 1.05) + 1);
            worst = Math.Max(worst, route.Cost / Math.Max(1.0, least.Value));
            found++;
        }

        output.WriteLine($"worst ratio {worst:F4}, {settled / PathsWanted} nodes settled a path, graph {graph.ByteCount >> 20} MiB");
    }

    [Fact]
    public void The_public_network_takes_a_few_tens_of_megabytes() => Assert.InRange(PublicGraph.Graph.ByteCount, 1, 30_000_000);

    [Fact]
    public void A_snapshot_of_the_public_network_makes_it_again()
    {
        var snapshot = GraphSnapshot.Write(PublicGraph.Graph, new GossipArchive());
        var graph = GraphSnapshot.Read(snapshot, new GossipArchive()).Value;
        Assert.Equal((PublicGraph.Graph.ChannelCount, PublicGraph.Graph.NodeCount), (graph.ChannelCount, graph.NodeCount));
        Assert.True(snapshot.AsSpan().SequenceEqual(GraphSnapshot.Write(graph, new GossipArchive())));
        var query = new SampleQueries(graph, 5).Next();
        Assert.Equal(new PathFinder(PublicGraph.Graph).Find(query).IsOk, new PathFinder(graph).Find(query).IsOk);
    }
}
