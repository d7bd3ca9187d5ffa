namespace Tributary.Cli.Node.Views;

/// <summary>Who a node is.</summary>
internal sealed record InfoView(string NodeId, string Alias, string Network, IReadOnlyList<string> Addresses, int Height, bool Synced, int Peers, int Channels, string Version);
