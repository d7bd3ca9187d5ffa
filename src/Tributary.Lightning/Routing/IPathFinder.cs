using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Routing;

/// <summary>Where payments get their ways from.</summary>
public interface IPathFinder
{
    /// <summary>A path within all limits of the query, or why there is none.</summary>
    Result<Route, Refusal> Find(RouteQuery query);

    /// <summary>Random blocks to add for a payee's privacy, as if the payment went on from it (BOLT 7, "Recommendations for Routing").</summary>
    uint ShadowCltv(NodeId payee, uint blocksMax, IEntropy entropy);

    /// <summary>
    /// A path for a payment, or word that it is being looked for: then whoever looks has the payment go on when there is an answer
    /// (<see cref="Payments.OutgoingPayments.Continue"/>). Asked again meanwhile, it says so again.
    /// </summary>
    /// <param name="payment">The payment's hash.</param>
    /// <param name="query">What is wanted, without a shadow.</param>
    /// <param name="shadowCltvMax">The most blocks that a shadow may add; zero for none.</param>
    /// <param name="entropy">For the shadow.</param>
    /// <param name="found">The path, or why there is none; of no meaning when false is returned.</param>
    bool TryFind(Bytes32 payment, RouteQuery query, uint shadowCltvMax, IEntropy entropy, out Result<Route, Refusal> found)
    {
        found = Find(query.WithShadow(shadowCltvMax > 0 ? ShadowCltv(query.Payee, shadowCltvMax, entropy) : 0));
        return true;
    }
}
