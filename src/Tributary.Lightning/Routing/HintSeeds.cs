using Tributary.Lightning.Gossip;
using Tributary.Lightning.Invoices;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Routing;

/// <summary>
/// Turns the hints of an invoice into places to begin a search from. A path may enter a hint at any of its nodes, so each suffix is one. What a
/// hint does not say (limits, capacity) counts as no limit and as a channel that nobody knows.
/// </summary>
internal static class HintSeeds
{
    private const int SeedsMax = 64;

    internal static List<RouteSeed> Of(RouteQuery query, in ScaledWeights weights)
    {
        var seeds = new List<RouteSeed> { new(query.Payee, query.Amount.Value, query.FinalCltvDelta, 0, []) };
        foreach (var hint in query.Hints)
            AddSuffixes(query, weights, hint, seeds);
        return seeds;
    }

    private static void AddSuffixes(RouteQuery query, in ScaledWeights weights, IReadOnlyList<RouteHintHop> hint, List<RouteSeed> seeds)
    {
        var (next, amount, cltv, cost) = (query.Payee, query.Amount.Value, query.FinalCltvDelta, 0L);
        RouteHop[] tail = [];
        for (var i = hint.Count - 1; i >= 0 && seeds.Count < SeedsMax; i--)
        {
            var node = new NodeId(hint[i].NodeId);
            if (node == query.Source || node == query.Payee || query.Constraints?.Nodes.Contains(node) == true)
                return;
            var channel = DirectedChannel.Between(hint[i].ShortChannelId, node, next);
            var policy = new ForwardingPolicy(
                hint[i].FeeBaseMilliSatoshis, hint[i].FeeProportionalMillionths, hint[i].CltvExpiryDelta, default, new MilliSatoshis(long.MaxValue));
            if (query.Constraints is { } constraints)
            {
                if (constraints.Limits.TryGetValue(channel, out var limit) && amount >= limit.Value)
                    return;
                policy = constraints.Policies.GetValueOrDefault(channel, policy);
            }

            if (policy.IsDisabled || amount < policy.HtlcMinimum.Value || amount > policy.HtlcMaximum.Value)
                return;
            var (lower, upper) = (0L, long.MaxValue);
            query.Memory?.TryGetBounds(channel, long.MaxValue, query.NowMilliseconds, out lower, out upper);
            var doubt = RouteWeights.Doubt(amount, lower, upper);
            if (doubt < 0)
                return;

            tail = [new RouteHop(next, hint[i].ShortChannelId, new MilliSatoshis(amount), cltv), .. tail];
            var fee = ForwardingFee.Of(amount, policy.FeeBaseMilliSatoshis, policy.FeeProportionalMillionths);
            cost += fee + weights.CostOf(policy.CltvExpiryDelta, doubt);
            amount += fee;
            cltv += policy.CltvExpiryDelta;
            if (amount - query.Amount.Value > query.FeeMax.Value || cltv > query.CltvMax || tail.Length >= query.HopsMax)
                return;
            seeds.Add(new RouteSeed(node, amount, cltv, cost, tail));
            next = node;
        }
    }
}
