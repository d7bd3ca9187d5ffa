using Tributary.Crypto;

namespace Tributary.Lightning.Node.Reports;

/// <summary>Who this node is.</summary>
/// <param name="NodeId">Its key.</param>
/// <param name="Alias">Its name for people.</param>
/// <param name="Network">The Bitcoin network.</param>
/// <param name="Addresses">Where it listens, as <c>HOST:PORT</c>.</param>
/// <param name="Height">The last block that it has looked through.</param>
/// <param name="IsSynced">It knows the chain up to its source's tip.</param>
/// <param name="PeerCount">Peers that are connected.</param>
/// <param name="ChannelCount">Channels that are not over.</param>
public sealed record NodeInfo(PublicKey NodeId, string Alias, string Network, IReadOnlyList<string> Addresses, int Height, bool IsSynced, int PeerCount, int ChannelCount);
