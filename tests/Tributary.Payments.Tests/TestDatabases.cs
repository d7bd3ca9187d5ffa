using Npgsql;
using Tributary.Storage.Postgres;
using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests;

/// <summary>Empty databases for tests.</summary>
internal static class TestDatabases
{
    /// <summary>A database of its own on the PostgreSQL that the tests share; skips where there is none.</summary>
    public static async Task<IDatabase> CreateAsync(PostgresFixture postgres, CancellationToken cancellationToken)
    {
        var server = await postgres.GetSharedAsync(cancellationToken);
        var name = $"test_{Guid.CreateVersion7():N}";
        await using (var connection = new NpgsqlConnection(server.ConnectionString))
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return await PostgresDatabase.OpenAsync(server.ConnectionTo(name), TimeProvider.System, cancellationToken);
    }
}
