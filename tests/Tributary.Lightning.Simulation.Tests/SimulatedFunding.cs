using Tributary.Lightning.Simulation.Tests.Machines;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Simulation.Tests;

/// <summary>A channel's funding as the world knows it.</summary>
/// <param name="Opener">Who paid it.</param>
/// <param name="Accepter">The other side.</param>
/// <param name="Push">The opener's gift.</param>
internal sealed record SimulatedFunding(SimulatedNode Opener, SimulatedNode Accepter, MilliSatoshis Push)
{
    internal SimulatedNode PeerOf(SimulatedNode node) => node == Opener ? Accepter : Opener;
}
