namespace Tributary.Server.Backups;

/// <summary>What a restored folder says of itself, for as long as it is used.</summary>
/// <param name="BackupAt">When the backup was made: what happened after it is not in the folder.</param>
/// <param name="RestoredAt">When it was restored.</param>
/// <param name="IsTold">Outgoing money was stopped and the operator told.</param>
public sealed record RestoredNote(DateTimeOffset BackupAt, DateTimeOffset RestoredAt, bool IsTold)
{
    internal const string FileName = "restored.json";
}
