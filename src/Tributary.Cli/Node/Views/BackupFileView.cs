namespace Tributary.Cli.Node.Views;

/// <summary>A static backup that the node keeps up to date.</summary>
internal sealed record BackupFileView(string File, int? Channels, string? WrittenAt, long? AgeSeconds, string? Problem);
