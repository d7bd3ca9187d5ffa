using Tributary.Primitives.Results;
using Tributary.Server.Payments;
using Tributary.Storage.Postgres;
using Tributary.Storage.Relational;
using Tributary.Storage.Sqlite;

namespace Tributary.Server.Data;

/// <summary>Looks at the database without taking it: a server may be working on it.</summary>
public static class DatabaseProbe
{
    /// <summary>Which database there is and which version, or why it cannot be used.</summary>
    /// <param name="dataFolder">The server's folder.</param>
    /// <param name="database">A PostgreSQL's address, or null for SQLite.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Result<string, Refusal>> LookAsync(string dataFolder, string? database, CancellationToken cancellationToken)
    {
        try
        {
            if (database is not null)
            {
                return !PostgresAddress.Parse(database, Environment.GetEnvironmentVariable).TryGet(out var address, out var refusal)
                    ? refusal
                    : $"PostgreSQL {await PostgresDatabase.VersionAsync(address.ConnectionString, cancellationToken)} at {address}, with durable commits";
            }

            var path = Path.Combine(dataFolder, PaymentStart.SqliteFile);
            return $"SQLite {SqliteDatabase.Version}, {(File.Exists(path) ? path : $"made at the first start as {path}")}";
        }
        catch (DatabaseLostException exception)
        {
            return new Refusal("database", exception.Message);
        }
    }
}
