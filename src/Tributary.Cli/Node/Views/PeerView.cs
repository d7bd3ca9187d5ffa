namespace Tributary.Cli.Node.Views;

/// <summary>A peer.</summary>
internal sealed record PeerView(string NodeId, string Address, bool Inbound);
