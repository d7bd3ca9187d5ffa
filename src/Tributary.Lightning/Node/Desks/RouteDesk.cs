using System.Threading.Channels;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Routing;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node.Desks;

/// <summary>
/// Ways for payments, without keeping the node's loop from its channels: a payee that is our peer is answered at once; everything else is
/// searched on a thread beside the loop, one search after the other, and the payment goes on when there is an answer. All but the search
/// runs in the loop.
/// </summary>
internal sealed class RouteDesk(NodeCore core, NetworkGraph graph, Lock gate) : IPathFinder
{
    private readonly PathFinder _finder = new(graph);
    private readonly Channel<Search> _searches = Channel.CreateUnbounded<Search>(new UnboundedChannelOptions { SingleReader = true });
    private readonly HashSet<Bytes32> _searching = [];
    private readonly Dictionary<Bytes32, Result<Route, Refusal>> _found = [];

    /// <summary>Payments with an answer go on by this: set once, before the loop begins.</summary>
    internal PaymentDesk Payments { get; set; } = null!;

    public Result<Route, Refusal> Find(RouteQuery query)
    {
        lock (gate)
            return _finder.Find(query);
    }

    public uint ShadowCltv(NodeId payee, uint blocksMax, IEntropy entropy)
    {
        lock (gate)
            return _finder.ShadowCltv(payee, blocksMax, entropy);
    }

    public bool TryFind(Bytes32 payment, RouteQuery query, uint shadowCltvMax, IEntropy entropy, out Result<Route, Refusal> found)
    {
        if (Direct(query) is { } direct)
        {
            found = direct;
            return true;
        }

        // Our channels may have changed since the search began: then it is made again.
        if (_found.Remove(payment, out found) && (!found.TryGet(out var route) || IsUsable(route, query)))
            return true;
        found = new Refusal("route", "is being looked for");
        if (_searching.Add(payment))
            _searches.Writer.TryWrite(new Search(payment, query, shadowCltvMax, entropy));
        return false;
    }

    /// <summary>Searches until it is cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _searches.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_searches.Reader.TryRead(out var search))
                Run(search);
        }
    }

    private void Run(Search search)
    {
        var shadow = search.ShadowCltvMax > 0 ? ShadowCltv(search.Query.Payee, search.ShadowCltvMax, search.Entropy) : 0;
        var found = Find(search.Query.WithShadow(shadow));
        core.Loop.Post(turn =>
        {
            _searching.Remove(search.Payment);
            _found[search.Payment] = found;
            Payments.Continue(turn, search.Payment);
            _found.Remove(search.Payment);
        });
    }

    private static bool IsUsable(Route route, RouteQuery query) =>
        route.Amount == query.Amount && route.Fee <= query.FeeMax && query.FirstHops.Any(hop => hop.Channel == route.FirstChannel && hop.Carries(route.AmountSent));

    // Nobody between: the least of what would carry it, so that the largest stay whole for larger payments.
    private static Route? Direct(RouteQuery query)
    {
        FirstHop? best = null;
        foreach (var hop in query.FirstHops)
        {
            if (hop.Peer == query.Payee && hop.Carries(query.Amount) && query.Constraints?.FirstChannels.Contains(hop.Channel) != true && (best is null || hop.Spendable < best.Spendable))
                best = hop;
        }

        // Our peer is the payee and knows it: blocks of a shadow would hide nothing.
        return best is null || query.FinalCltvDelta > query.CltvMax || query.HopsMax < 1
            ? null
            : new Route(best.Channel, [new RouteHop(query.Payee, default, query.Amount, query.FinalCltvDelta)], 0);
    }

    private sealed record Search(Bytes32 Payment, RouteQuery Query, uint ShadowCltvMax, IEntropy Entropy);
}
