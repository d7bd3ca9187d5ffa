using Npgsql;
using Tributary.Storage.Postgres;
using Tributary.Testing.Postgres;

namespace Tributary.Storage.Relational.Tests;

public sealed class PostgresDatabaseTests(PostgresFixture postgres) : DatabaseContract
{
    [Theory]
    [InlineData("off")]
    [InlineData("local")]
    [InlineData("remote_write")]
    public async Task Commits_that_do_not_wait_for_the_disk_are_refused(string setting)
    {
        var token = TestContext.Current.CancellationToken;
        var server = await postgres.GetSharedAsync(token);
        var refused = await Assert.ThrowsAsync<DatabaseLostException>(
            () => PostgresDatabase.OpenAsync(server.ConnectionString + $";Options=-c synchronous_commit={setting}", TimeProvider.System, token));
        Assert.Contains($"synchronous_commit = {setting}", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_server_that_does_not_flush_is_refused()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await postgres.StartAsync(["fsync=off"], token);
        var refused = await Assert.ThrowsAsync<DatabaseLostException>(() => PostgresDatabase.OpenAsync(server.ConnectionString, TimeProvider.System, token));
        Assert.Contains("fsync = off", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_committed_survives_a_killed_server()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await postgres.StartAsync([], token);
        var acknowledged = new List<long>();
        await using (var database = await PostgresDatabase.OpenAsync(server.ConnectionString, TimeProvider.System, token))
        {
            await database.WriteAsync(static async (transaction, t) => await transaction.ExecuteAsync("CREATE TABLE notes (id BIGINT)", SqlArguments.None, t), token);
            for (var i = 0L; i < 200; i++)
            {
                await database.WriteAsync(async (transaction, t) => await transaction.ExecuteAsync("INSERT INTO notes (id) VALUES (@id)", new SqlArguments { { "id", i } }, t), token);
                acknowledged.Add(i);
            }

            await server.KillAsync(token);
            await Assert.ThrowsAnyAsync<Exception>(async () => await database.WriteAsync(
                static async (transaction, t) => await transaction.ExecuteAsync("INSERT INTO notes (id) VALUES (-1)", SqlArguments.None, t), token));
        }

        await server.LaunchAsync([], token);
        await using var again = await PostgresDatabase.OpenAsync(server.ConnectionString, TimeProvider.System, token);
        Assert.Equal(acknowledged, await again.ReadAsync(
            static async (transaction, t) => await transaction.QueryAsync("SELECT id FROM notes ORDER BY id", SqlArguments.None, static row => row.Integer(0), t), token));
    }

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
