using Tributary.Lightning.Wire;
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
}
