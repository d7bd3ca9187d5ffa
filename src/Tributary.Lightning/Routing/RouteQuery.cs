using Tributary.Lightning.Invoices;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Routing;

/// <summary>What a route is wanted for.</summary>
public sealed record RouteQuery
{
    /// <summary>The most nodes after us: what fits into an onion.</summary>
    public const int HopsLimit = 20;

    /// <summary>Blocks that a payment may be stuck in the worst case: a week, as most nodes allow.</summary>
    public const uint CltvLimit = 1008;

    /// <summary>We: no path passes through us.</summary>
    public required NodeId Source { get; init; }

    public required NodeId Payee { get; init; }

    /// <summary>What is to reach the payee.</summary>
    public required MilliSatoshis Amount { get; init; }

    /// <summary>Blocks from now until the expiry of the last HTLC: the payee's delta, the margin for new blocks and the shadow offset.</summary>
    public required uint FinalCltvDelta { get; init; }

    /// <summary>What the nodes between may keep together.</summary>
    public required MilliSatoshis FeeMax { get; init; }

    /// <summary>The channels by which it may leave.</summary>
    public required IReadOnlyList<FirstHop> FirstHops { get; init; }

    /// <summary>Blocks from now until the expiry of our HTLC, at most.</summary>
    public uint CltvMax { get; init; } = CltvLimit;

    /// <summary>Nodes after us, at most.</summary>
    public int HopsMax { get; init; } = HopsLimit;

    /// <summary>Ways to the payee that the graph does not know, each from its entry to the payee.</summary>
    public IReadOnlyList<IReadOnlyList<RouteHintHop>> Hints { get; init; } = [];

    public RouteConstraints? Constraints { get; init; }

    public RouteWeights Weights { get; init; } = RouteWeights.Default;

    /// <summary>What is remembered of channels from earlier payments.</summary>
    public LiquidityMemory? Memory { get; init; }

    /// <summary>For the decay of what is remembered: milliseconds since 1970.</summary>
    public long NowMilliseconds { get; init; }

    /// <summary>The same for a payment that looks as if it went on from its payee: more blocks, within the limit if that leaves room for it.</summary>
    internal RouteQuery WithShadow(uint blocks) =>
        blocks == 0 ? this : this with { FinalCltvDelta = FinalCltvDelta + blocks, CltvMax = Math.Max(CltvMax, FinalCltvDelta + blocks) };
}
