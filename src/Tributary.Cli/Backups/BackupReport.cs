namespace Tributary.Cli.Backups;

/// <summary>What <c>backup</c> wrote, or <c>restore</c> read.</summary>
/// <param name="File">The sealed file.</param>
/// <param name="At">As of when.</param>
/// <param name="Database">"sqlite", or "postgres": then the payments are not in it.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record BackupReport(string File, DateTimeOffset At, string Database, long Bytes);
