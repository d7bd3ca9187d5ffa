using Tributary.Lightning.Node.Desks;
using Tributary.Lightning.Peers;

namespace Tributary.Lightning.Node;

/// <summary>What a node stands on beside disk, chain, clock and randomness: sockets and threads, or what stands in for them.</summary>
/// <param name="CreateHub">Makes the node's connections, which report to the sink.</param>
/// <param name="Scheduler">Runs what goes on beside the loop.</param>
internal sealed record NodeSurroundings(Func<NodeCore, PeerProfile, IPeerSink, IPeerHub> CreateHub, TaskScheduler Scheduler)
{
    /// <summary>TCP and the thread pool.</summary>
    internal static NodeSurroundings System { get; } = new(
        static (core, profile, sink) => new PeerHub(core.Keys.Identity, profile, core.Options.PeerLimits, core.Entropy, core.Time, sink),
        TaskScheduler.Default);
}
