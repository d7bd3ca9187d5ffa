namespace Tributary.Lightning.Channels;

/// <summary>A channel that has just begun, and what to do about it.</summary>
public sealed record StartedChannel(Channel Channel, ChannelStep Step);
