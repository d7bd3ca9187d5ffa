using System.Buffers.Binary;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Routing;

/// <summary>
/// Finds the cheapest single path from us to a payee over the graph (cost: <see cref="RouteWeights"/>). Not for concurrent use; keeps its
/// arrays between searches.
/// </summary>
/// <remarks>
/// When the cheapest path breaks a limit of the query (fee, delay, hops), the search is run once more with weights that favour what was
/// broken: finding the cheapest path within several limits is NP-hard, and this finds one in practice.
/// </remarks>
public sealed class PathFinder(NetworkGraph graph) : IPathFinder
{
    private static readonly RouteWeights s_shortDelay = new(1_000_000_000, 1, 0, 0, 0);
    private static readonly RouteWeights s_fewHops = new(0, 1_000_000_000, 1_000_000, 0, 0);

    private readonly PathSearch _search = new(graph);

    /// <summary>Nodes that the last search settled: how much work it was.</summary>
    public int SettledNodes => _search.SettledNodes;

    /// <summary>A path within all limits of the query, or why there is none.</summary>
    public Result<Route, Refusal> Find(RouteQuery query)
    {
        if (query.Amount <= MilliSatoshis.Zero || query.Amount.Value > (long)AmountLimits.MilliSatoshisMax || query.FeeMax < MilliSatoshis.Zero)
            return new Refusal("amount", "is nothing, or more than there is");
        if (query.Payee == query.Source)
            return new Refusal("payee", "is this node itself");
        if (query.FinalCltvDelta > query.CltvMax)
            return new Refusal("cltv", $"the payee asks for {query.FinalCltvDelta} blocks where {query.CltvMax} are allowed");
        if (!query.FirstHops.Any(hop => hop.Carries(query.Amount)))
            return new Refusal("amount", query.FirstHops.Count == 0 ? "there is no channel to send by" : "no channel of ours can carry it now");

        var outcome = _search.Run(query, query.Weights, out var route);
        if (route is not null)
            return route;
        route = TryWith(RouteWeights.FeeOnly, SearchOutcome.FeeExceeded) ?? TryWith(s_shortDelay, SearchOutcome.DelayExceeded)
            ?? TryWith(s_fewHops, SearchOutcome.HopsExceeded);
        return route is not null ? route : Refuse(query, outcome);

        Route? TryWith(RouteWeights weights, SearchOutcome exceeded)
        {
            if (outcome.HasFlag(exceeded))
                _ = _search.Run(query, weights, out route);
            return route;
        }
    }

    /// <summary>A random walk of up to three channels on from the payee; without any, a random number of blocks.</summary>
    public uint ShadowCltv(NodeId payee, uint blocksMax, IEntropy entropy)
    {
        Span<byte> random = stackalloc byte[16];
        entropy.Fill(random);
        var (node, steps, blocks) = (payee, 1 + (random[0] % 3), 0u);
        for (var step = 1; step <= steps && graph.TryFindNode(node, out var index); step++)
        {
            var edges = graph.Into(index);
            ref readonly var edge = ref edges[(int)(BinaryPrimitives.ReadUInt32LittleEndian(random[(4 * step)..]) % (uint)edges.Length)];
            blocks += edge.CltvDelta;
            node = graph.NodeOf(edge.From);
        }

        if (blocks == 0)
            blocks = random[1];
        return blocks <= blocksMax ? blocks : BinaryPrimitives.ReadUInt32LittleEndian(random[12..]) % (blocksMax + 1);
    }

    private Refusal Refuse(RouteQuery query, SearchOutcome outcome)
    {
        if (outcome.HasFlag(SearchOutcome.FeeExceeded))
            return new Refusal("max_fee", $"no way to the payee costs at most {query.FeeMax}");
        if (outcome.HasFlag(SearchOutcome.DelayExceeded))
            return new Refusal("cltv", $"no way to the payee keeps within {query.CltvMax} blocks");
        if (outcome.HasFlag(SearchOutcome.HopsExceeded))
            return new Refusal("hops", $"no way to the payee keeps within {query.HopsMax} hops");
        return graph.HasNode(query.Payee) || query.Hints.Count > 0
            ? new Refusal("route", $"no way to the payee carries {query.Amount} now")
            : new Refusal("payee", "is not known: it has no public channel, and no hint leads to it");
    }
}
