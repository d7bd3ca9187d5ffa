namespace Tributary.Cli.Node.Views;

/// <summary>Channels.</summary>
internal sealed record ChannelsView(IReadOnlyList<ChannelView> Channels);
