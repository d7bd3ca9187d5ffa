using Tributary.Crypto;

namespace Tributary.Lightning.Node.Reports;

/// <summary>A peer that is connected.</summary>
public sealed record PeerReport(PublicKey NodeId, string Address, bool IsInbound);
