namespace Tributary.Cli.Node.Views;

/// <summary>A backup that was written.</summary>
internal sealed record BackupView(string File, int Channels, string? Words);
