namespace Tributary.Cli.Node.Views;

/// <summary>Peers.</summary>
internal sealed record PeersView(IReadOnlyList<PeerView> Peers);
