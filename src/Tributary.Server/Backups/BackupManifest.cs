namespace Tributary.Server.Backups;

/// <summary>What a backup says of itself: its first entry.</summary>
/// <param name="Format">The shape of the archive: 1 held no live half, 2 may hold one.</param>
/// <param name="At">When it was begun.</param>
/// <param name="InstallationId">Which server it is of.</param>
/// <param name="Database">"sqlite" or "postgres"; the latter's tables are not in it.</param>
/// <param name="Program">The version that wrote it.</param>
public sealed record BackupManifest(int Format, DateTimeOffset At, string InstallationId, string Database, string Program)
{
    internal const string FileName = "backup.json";
    internal const int Oldest = 1;
    internal const int Newest = 2;

    /// <summary>The live half; null where the server had none.</summary>
    public LiveManifest? Live { get; init; }
}
