using System.Text.Json;
using Tributary.Server.Payments;
using Tributary.Storage.Relational;

namespace Tributary.Server.Data;

/// <summary>
/// A folder and its database belong together: the folder has the node and the keys of what is sealed in the database. Both carry one name, so that
/// neither is used with another's other half.
/// </summary>
internal static class FolderBinding
{
    public const string Module = "installation";
    internal const string FileName = "installation.json";

    public static readonly IReadOnlyList<Migration> Migrations =
    [
        new(1, "which folder the database belongs to", "CREATE TABLE installation (id TEXT NOT NULL PRIMARY KEY, created_at BIGINT NOT NULL)"),
    ];

    /// <summary>Makes sure that the two belong together; a fresh pair is bound.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="database">Migrated to <see cref="Migrations"/>.</param>
    /// <param name="kind">Which kind of database, for the case that the operator names another one.</param>
    /// <param name="clock">Names a fresh pair.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DatabaseLostException">They do not; the message says what to do.</exception>
    public static async Task EnsureAsync(string folder, IDatabase database, string kind, TimeProvider clock, CancellationToken cancellationToken)
    {
        var noted = await ReadAsync(folder, cancellationToken);
        var stored = await database.ReadAsync(
            static async (transaction, token) => await transaction.FirstOrDefaultAsync("SELECT id FROM installation", SqlArguments.None, static row => row.Text(0), token), cancellationToken);
        var known = noted?.Database ?? (File.Exists(Path.Combine(folder, PaymentStart.SqliteFile)) ? DatabaseInfo.Sqlite : kind);
        if (!string.Equals(known, kind, StringComparison.Ordinal))
        {
            throw new DatabaseLostException(
                $"This folder's payments lie in {Words(known)}, and {Words(kind)} was named: nothing moves by itself. Name the database that the folder was begun with, or another folder.");
        }

        if (stored is not null && !string.Equals(stored, noted?.Id, StringComparison.Ordinal))
        {
            throw new DatabaseLostException(noted is null
                ? "This database belongs to a server with another data folder, which has its node and the keys of its secrets. Name that folder with --data."
                : "This database belongs to another data folder than this one. Name the two that belong together.");
        }

        if (stored is not null)
            return;

        // The file first: a process that dies in between finds the name again and writes it into the database.
        noted ??= new InstallationNote(Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), kind);
        await WriteAsync(folder, noted, cancellationToken);
        await database.WriteAsync(
            async (transaction, token) =>
            {
                await transaction.ExecuteOneAsync("INSERT INTO installation (id, created_at) VALUES (@id, @at)", new SqlArguments { { "id", noted.Id }, { "at", clock.GetUtcNow() } }, token);
                return true;
            },
            cancellationToken);
    }

    /// <summary>What a folder remembers of its database; null for one that was never used.</summary>
    /// <exception cref="DatabaseLostException">The note is damaged.</exception>
    public static async Task<InstallationNote?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            var note = JsonSerializer.Deserialize(await File.ReadAllTextAsync(path, cancellationToken), InstallationJson.Default.InstallationNote);
            return note is { Id.Length: > 0, Database.Length: > 0 } ? note : throw new JsonException("it lacks its fields");
        }
        catch (JsonException exception)
        {
            throw new DatabaseLostException($"'{path}' is damaged ({exception.Message}): restore it from a backup.", exception);
        }
    }

    /// <summary>Writes what a folder remembers, as a whole.</summary>
    public static Task WriteAsync(string folder, InstallationNote note, CancellationToken cancellationToken) =>
        PaymentStart.WritePrivateAsync(Path.Combine(folder, FileName), JsonSerializer.Serialize(note, InstallationJson.Default.InstallationNote), cancellationToken);

    private static string Words(string kind) => kind is DatabaseInfo.Sqlite ? "SQLite (payments.db in the folder)" : "PostgreSQL";
}
