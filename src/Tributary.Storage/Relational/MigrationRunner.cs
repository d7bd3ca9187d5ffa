using System.Security.Cryptography;
using System.Text;

namespace Tributary.Storage.Relational;

/// <summary>Brings a module's tables to the newest shape; each step is one transaction with the note that it was done.</summary>
public static class MigrationRunner
{
    /// <summary>
    /// Applies the steps that the database lacks. A database that knows a later step, or another text of a step, was written by another version
    /// of the program: that is refused with what to do, before anything is changed.
    /// </summary>
    /// <exception cref="MigrationException">The database and this program do not fit together.</exception>
    public static async Task MigrateAsync(IDatabase database, string module, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        for (var i = 0; i < migrations.Count; i++)
        {
            if (migrations[i].Version != i + 1)
                throw new ArgumentException($"Step {migrations[i].Version} of {module} stands where {i + 1} belongs.", nameof(migrations));
        }

        await database.WriteAsync(
            static async (transaction, cancellation) => await transaction.ExecuteAsync(
                """
                CREATE TABLE IF NOT EXISTS migrations (
                  module TEXT NOT NULL, version BIGINT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (module, version))
                """,
                SqlArguments.None,
                cancellation),
            cancellationToken);

        var done = await database.ReadAsync(
            async (transaction, cancellation) => await transaction.QueryAsync(
                "SELECT version, sha256 FROM migrations WHERE module = @module ORDER BY version",
                new SqlArguments { { "module", module } },
                static row => (Version: row.Integer(0), Sha256: row.Text(1)),
                cancellation),
            cancellationToken);
        foreach (var (version, sha256) in done)
        {
            if (version > migrations.Count)
            {
                throw new MigrationException(
                    $"The database knows step {version} of {module}, this program only {migrations.Count}: it was last used by a newer version. Start that version, or restore a backup from before the upgrade.");
            }

            if (!string.Equals(sha256, Fingerprint(migrations[(int)version - 1]), StringComparison.Ordinal))
                throw new MigrationException($"Step {version} of {module} was applied with another text: the database belongs to another build of the program.");
        }

        for (var next = done.Count; next < migrations.Count; next++)
            await ApplyAsync(database, module, migrations[next], cancellationToken);
    }

    private static async Task ApplyAsync(IDatabase database, string module, Migration migration, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            async (transaction, cancellation) =>
            {
                foreach (var statement in Statements(migration, transaction.Dialect))
                    await transaction.ExecuteAsync(statement, SqlArguments.None, cancellation);
                await transaction.ExecuteOneAsync(
                    "INSERT INTO migrations (module, version, name, sha256) VALUES (@module, @version, @name, @sha256)",
                    new SqlArguments
                    {
                        { "module", module },
                        { "version", migration.Version },
                        { "name", migration.Name },
                        { "sha256", Fingerprint(migration) },
                    },
                    cancellation);
                return true;
            },
            cancellationToken);
    }

    private static IEnumerable<string> Statements(Migration migration, SqlDialect dialect)
    {
        var bytes = dialect == SqlDialect.Sqlite ? "BLOB" : "BYTEA";
        var clustered = dialect == SqlDialect.Sqlite ? "WITHOUT ROWID" : "";
        return migration.Sql.ReplaceLineEndings("\n")
            .Split("\n;\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(statement => statement.Replace("{bytes}", bytes, StringComparison.Ordinal).Replace("{clustered}", clustered, StringComparison.Ordinal).TrimEnd());
    }

    private static string Fingerprint(Migration migration) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(migration.Sql.ReplaceLineEndings("\n"))));
}
