using Npgsql;
using Tributary.Storage.Postgres;
using Tributary.Storage.Relational;
using Tributary.Testing.Postgres;

namespace Tributary.Payments.Tests.Checkout;

public sealed class CheckoutServiceOnPostgresTests(PostgresFixture postgres) : CheckoutServiceContract
{
    protected override async Task<IDatabase> OpenAsync()
    {
        var token = TestContext.Current.CancellationToken;
        var server = await postgres.GetSharedAsync(token);
        var name = $"test_{Guid.CreateVersion7():N}";
        await using (var connection = new NpgsqlConnection(server.ConnectionString))
        {
            await connection.OpenAsync(token);
            await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
            await command.ExecuteNonQueryAsync(token);
        }

        return await PostgresDatabase.OpenAsync(server.ConnectionTo(name), TimeProvider.System, token);
    }
}
