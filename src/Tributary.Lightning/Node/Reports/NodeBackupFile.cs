namespace Tributary.Lightning.Node.Reports;

/// <summary>A backup of a node's channels, encrypted by a key of the node.</summary>
/// <param name="Content">The file.</param>
/// <param name="ChannelCount">Channels in it.</param>
public sealed record NodeBackupFile(ReadOnlyMemory<byte> Content, int ChannelCount);
