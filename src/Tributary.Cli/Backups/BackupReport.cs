namespace Tributary.Cli.Backups;

/// <summary>What <c>backup</c> wrote, or <c>restore</c> read.</summary>
/// <param name="File">The sealed file.</param>
/// <param name="At">As of when.</param>
/// <param name="Database">"sqlite", or "postgres": then the payments are not in it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LiveDatabase">The same for live payments; null where the server has no live half.</param>
internal sealed record BackupReport(string File, DateTimeOffset At, string Database, long Bytes, string? LiveDatabase)
{
    /// <summary>Whose payments are not in the file, in words; null where all are.</summary>
    internal string? Missing => (Database, LiveDatabase) switch
    {
        ("postgres", "postgres") => "Test and live payments lie in PostgreSQL (--database and --live-database)",
        ("postgres", null) => "The payments lie in PostgreSQL",
        ("postgres", _) => "The test payments lie in PostgreSQL (--database)",
        (_, "postgres") => "The live payments lie in PostgreSQL (--live-database)",
        _ => null,
    };
}
