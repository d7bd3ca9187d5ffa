using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Node.Reports;

/// <summary>A channel whose funding is on its way into the chain.</summary>
public sealed record ChannelOpening(ChannelId Channel, OutPoint Funding);
