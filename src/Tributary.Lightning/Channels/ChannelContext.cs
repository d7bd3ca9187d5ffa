namespace Tributary.Lightning.Channels;

/// <summary>What a channel is told with each input, since it never asks.</summary>
/// <param name="Height">Blocks in the best chain that we know.</param>
/// <param name="Feerates">What the fee estimator says.</param>
public readonly record struct ChannelContext(uint Height, FeerateBounds Feerates);
