namespace Tributary.Lightning.Gossip;

/// <summary>What a gossip store brought.</summary>
/// <param name="Channels">Channels added.</param>
/// <param name="Updates">Policies set, those that were replaced by later ones too.</param>
/// <param name="Nodes">Announcements of nodes that have a channel.</param>
public sealed record CoreLightningStoreSummary(int Channels, int Updates, int Nodes);
