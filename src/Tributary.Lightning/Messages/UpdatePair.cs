namespace Tributary.Lightning.Messages;

/// <summary>A number for each of a channel's two updates: timestamps or checksums (BOLT 7).</summary>
/// <param name="First">Of the smaller node id; zero for no update.</param>
/// <param name="Second">Of the other.</param>
public readonly record struct UpdatePair(uint First, uint Second);
