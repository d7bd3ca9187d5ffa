using FsCheck;
using FsCheck.Fluent;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Tests.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using static Tributary.Lightning.Tests.Gossip.SampleGraphs;

namespace Tributary.Lightning.Tests.Routing;

public sealed class PathFinderTests
{
    private static readonly FirstHop s_hop = new(new ChannelId(new Bytes32(new byte[32])), Vertex(1), new MilliSatoshis(500_000_000), new MilliSatoshis(1));

    [Fact]
    public void Paths_on_any_graph_cost_what_a_plain_Dijkstra_finds() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed) =>
        {
            var graph = Random(seed, 12, 300);
            var oracle = new RouteOracle(graph);
            var finder = new PathFinder(graph);
            var queries = new SampleQueries(graph, seed);
            for (var i = 0; i < 20; i++)
            {
                var query = queries.Next() with { FeeMax = new MilliSatoshis(long.MaxValue >> 4), CltvMax = 100_000 };
                var least = oracle.LeastCost(query);
                var result = finder.Find(query);
                Assert.Equal(least is not null, result.IsOk);
                if (!result.TryGet(out var route))
                    continue;
                Assert.Equal(least, route.Cost);
                Assert.Equal(RouteOracle.PriceOf(graph, query, route), route.Cost);
                Assert.Equal(query.Payee, route.Payee);
                Assert.Equal(route.Hops.Count, route.Hops.Select(static hop => hop.Node).Distinct().Count());
            }
        }));

    [Fact]
    public void Each_nodes_fee_is_added_from_the_payee_back()
    {
        var graph = new NetworkGraph().Join(1, 1, 2, Policy(1000, 10_000, 40)).Join(2, 2, 3, Policy(500, 1000, 30));
        var route = Find(graph, Query(3, 1_000_000));
        Assert.Equal([Vertex(1), Vertex(2), Vertex(3)], route.Hops.Select(static hop => hop.Node));
        Assert.Equal([1_012_515L, 1_001_500, 1_000_000], route.Hops.Select(static hop => hop.Amount.Value));
        Assert.Equal([90u, 50u, 20u], route.Hops.Select(static hop => hop.CltvDelta));
        Assert.Equal([default, Channel(1), Channel(2)], route.Hops.Select(static hop => hop.Channel));
        Assert.Equal(12_515, route.Fee.Value);
    }

    [Fact]
    public void A_payee_who_is_our_peer_takes_no_fee()
    {
        var route = Find(new NetworkGraph(), Query(1, 5000));
        Assert.Equal(new MilliSatoshis(0), route.Fee);
        Assert.Single(route.Hops);
    }

    [Fact]
    public void Limits_turn_the_path_to_a_way_that_keeps_within_them()
    {
        var slow = new NetworkGraph().Join(1, 1, 2, Policy(0, 0, 500)).Join(2, 2, 4, Policy(0, 0, 500)).Join(3, 1, 3, Policy(90_000, 0, 10)).Join(4, 3, 4, Policy(90_000, 0, 10));
        Assert.Equal(Vertex(2), Find(slow, Query(4, 10_000) with { CltvMax = 2000 }).Hops[1].Node);
        Assert.Equal(Vertex(3), Find(slow, Query(4, 10_000)).Hops[1].Node);
        Assert.Equal("max_fee", new PathFinder(slow).Find(Query(4, 10_000) with { FeeMax = new MilliSatoshis(10_000) }).Error.Field);
        Assert.Equal("max_fee", new PathFinder(new NetworkGraph().Join(1, 1, 2)).Find(Query(2, 10_000) with { FeeMax = new MilliSatoshis(999) }).Error.Field);

        var risky = new NetworkGraph().Join(1, 1, 2, Policy(0, 0, 0), capacity: 100).Join(2, 1, 2, Policy(800, 0, 0));
        Assert.Equal(Channel(2), Find(risky, Query(2, 90_000)).Hops[1].Channel);
        Assert.Equal(Channel(1), Find(risky, Query(2, 90_000) with { FeeMax = new MilliSatoshis(100) }).Hops[1].Channel);
    }

    [Fact]
    public void A_path_is_never_longer_than_an_onion()
    {
        var graph = new NetworkGraph();
        for (var i = 1; i < 20; i++)
            graph.Join(i, i, i + 1, Policy(0, 0, 1));
        Assert.Equal(20, Find(graph, Query(20, 1000)).Hops.Count);
        graph.Join(20, 20, 21, Policy(0, 0, 1));
        Assert.Equal("hops", new PathFinder(graph).Find(Query(21, 1000)).Error.Field);

        // A short way that costs more is taken when the cheap one is too long.
        graph.Join(30, 1, 21, Policy(80_000, 0, 100));
        Assert.Equal(2, Find(graph, Query(21, 1000)).Hops.Count);
    }

    [Fact]
    public void Hints_lead_on_where_the_graph_ends_and_a_path_may_enter_them_midway()
    {
        var keys = Enumerable.Range(1, 3).Select(static i => TestKeys.Secret((byte)i).PublicKey).ToArray();
        var graph = new NetworkGraph().Join(1, 1, 2, Policy(0, 0, 0));
        var entry = new NodeId(keys[0]);
        graph.AddChannel(Channel(9), Vertex(1) < entry ? Vertex(1) : entry, Vertex(1) < entry ? entry : Vertex(1), new Satoshis(100_000));
        graph.SetPolicy(Channel(9), Vertex(1) < entry ? 0 : 1, Policy(10, 0, 5));
        RouteHintHop[] hint = [new(keys[0], Channel(70), 1000, 10_000, 7), new(keys[1], Channel(71), 2000, 0, 9)];
        var query = Query(0, 100_000) with { Payee = new NodeId(keys[2]), Hints = [hint] };
        var route = Find(graph, query);
        Assert.Equal([Vertex(1), entry, new NodeId(keys[1]), new NodeId(keys[2])], route.Hops.Select(static hop => hop.Node));
        Assert.Equal([104_030L, 104_020, 102_000, 100_000], route.Hops.Select(static hop => hop.Amount.Value));
        Assert.Equal([41u, 36, 29, 20], route.Hops.Select(static hop => hop.CltvDelta));
        Assert.Equal([Channel(9), Channel(70), Channel(71)], route.Hops.Skip(1).Select(static hop => hop.Channel));

        var midway = Find(graph, query with { FirstHops = [s_hop with { Peer = new NodeId(keys[1]) }] });
        Assert.Equal([new NodeId(keys[1]), new NodeId(keys[2])], midway.Hops.Select(static hop => hop.Node));

        var closed = new RouteConstraints();
        closed.AvoidChannel(DirectedChannel.Between(Channel(71), new NodeId(keys[1]), new NodeId(keys[2])));
        Assert.False(new PathFinder(graph).Find(query with { Constraints = closed }).IsOk);
    }

    [Fact]
    public void What_a_payment_learnt_turns_its_next_path()
    {
        var graph = new NetworkGraph().Join(1, 1, 2).Join(2, 2, 4).Join(3, 1, 3, Policy(5000)).Join(4, 3, 4, Policy(5000));
        var query = Query(4, 10_000);
        Assert.Equal(Vertex(2), Find(graph, query).Hops[1].Node);

        var node = new RouteConstraints();
        node.AvoidNode(Vertex(2));
        Assert.Equal(Vertex(3), Find(graph, query with { Constraints = node }).Hops[1].Node);

        var limit = new RouteConstraints();
        limit.Limit(DirectedChannel.Between(Channel(2), Vertex(2), Vertex(4)), new MilliSatoshis(10_000));
        Assert.Equal(Vertex(3), Find(graph, query with { Constraints = limit }).Hops[1].Node);
        Assert.Equal(Vertex(2), Find(graph, query with { Constraints = limit, Amount = new MilliSatoshis(9999) }).Hops[1].Node);

        var policy = new RouteConstraints();
        policy.Learn(DirectedChannel.Between(Channel(2), Vertex(2), Vertex(4)), Policy(1001));
        Assert.Equal(2003, Find(graph, query with { Constraints = policy }).Fee.Value);
        policy.Learn(DirectedChannel.Between(Channel(2), Vertex(2), Vertex(4)), Policy() with { IsDisabled = true });
        Assert.Equal(Vertex(3), Find(graph, query with { Constraints = policy }).Hops[1].Node);

        var first = new RouteConstraints();
        first.AvoidFirstChannel(s_hop.Channel);
        Assert.False(new PathFinder(graph).Find(query with { Constraints = first }).IsOk);
    }

    [Fact]
    public void What_is_remembered_turns_other_payments_and_fades()
    {
        var graph = new NetworkGraph().Join(1, 1, 2).Join(2, 2, 4).Join(3, 1, 3, Policy(5000)).Join(4, 3, 4, Policy(5000));
        var memory = new LiquidityMemory();
        memory.Failed(DirectedChannel.Between(Channel(2), Vertex(2), Vertex(4)), new MilliSatoshis(10_000), 0);
        var query = Query(4, 10_000) with { Memory = memory };
        Assert.Equal(Vertex(3), Find(graph, query).Hops[1].Node);
        Assert.Equal(Vertex(2), Find(graph, query with { Amount = new MilliSatoshis(5000) }).Hops[1].Node);
        Assert.Equal(Vertex(2), Find(graph, query with { NowMilliseconds = 7_200_000 }).Hops[1].Node);
    }

    [Fact]
    public void Paths_pass_neither_through_us_nor_through_nodes_that_are_avoided()
    {
        var graph = new NetworkGraph().Join(1, 1, 50).Join(2, 50, 3).Join(3, 1, 4, Policy(9000)).Join(4, 4, 3, Policy(9000));
        Assert.Equal(Vertex(4), Find(graph, Query(3, 1000)).Hops[1].Node);
        graph.Avoid(Vertex(4), isAvoided: true);
        Assert.Equal("route", new PathFinder(graph).Find(Query(3, 1000)).Error.Field);
        Assert.Equal(Vertex(4), Find(graph, Query(4, 1000)).Payee);
    }

    [Fact]
    public void Queries_that_no_path_can_answer_say_why()
    {
        var finder = new PathFinder(new NetworkGraph().Join(1, 1, 2));
        Assert.Equal("payee", finder.Find(Query(50, 1000)).Error.Field);
        Assert.Equal("payee", finder.Find(Query(7, 1000)).Error.Field);
        Assert.Equal("amount", finder.Find(Query(2, 0)).Error.Field);
        Assert.Equal("amount", finder.Find(Query(2, 600_000_000)).Error.Field);
        Assert.Equal("amount", finder.Find(Query(2, 1000) with { FirstHops = [] }).Error.Field);
        Assert.Equal("cltv", finder.Find(Query(2, 1000) with { FinalCltvDelta = 1009 }).Error.Field);
    }

    private static Route Find(NetworkGraph graph, RouteQuery query) => new PathFinder(graph).Find(query).Value;

    private static RouteQuery Query(int payee, long amount) => new()
    {
        Source = Vertex(50),
        Payee = Vertex(payee),
        Amount = new MilliSatoshis(amount),
        FinalCltvDelta = 20,
        FeeMax = new MilliSatoshis(200_000),
        FirstHops = [s_hop],
    };
}
