using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Node.Graph;

/// <summary>A graph as it was saved.</summary>
/// <param name="Graph">Channels and policies.</param>
/// <param name="Fundings">Which output funds a channel.</param>
/// <param name="Height">Blocks up to this one were looked through for spends of them.</param>
internal sealed record SavedGraph(NetworkGraph Graph, Dictionary<ShortChannelId, OutPoint> Fundings, int Height);
