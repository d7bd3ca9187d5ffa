using Tributary.Storage.Sqlite;

namespace Tributary.Storage.Relational.Tests;

public sealed class SqliteDatabaseTests : DatabaseContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tributary-sqlite-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_committed_is_there_after_reopening()
    {
        var token = TestContext.Current.CancellationToken;
        var path = Path.Combine(_folder, "again.db");
        await using (var database = await SqliteDatabase.OpenAsync(path, 2, token))
        {
            await database.WriteAsync(static async (transaction, t) => await transaction.ExecuteAsync("CREATE TABLE notes (id BIGINT)", SqlArguments.None, t), token);
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => database.WriteAsync(
                async (transaction, t) => await transaction.ExecuteAsync("INSERT INTO notes (id) VALUES (@id)", new SqlArguments { { "id", i } }, t), token).AsTask()));
        }

        await using var again = await SqliteDatabase.OpenAsync(path, 2, token);
        Assert.Equal(500, await again.ReadAsync(
            static async (transaction, t) => await transaction.FirstOrDefaultAsync("SELECT COUNT(DISTINCT id) FROM notes", SqlArguments.None, static row => row.Integer(0), t), token));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_its_name()
    {
        var token = TestContext.Current.CancellationToken;
        var path = Path.Combine(_folder, "damaged.db");
        await File.WriteAllTextAsync(path, new string('x', 10_000), token);
        var refused = await Assert.ThrowsAsync<DatabaseLostException>(() => SqliteDatabase.OpenAsync(path, 1, token));
        Assert.Contains("damaged.db", refused.Message, StringComparison.Ordinal);
    }

    protected override async Task<IDatabase> OpenAsync() =>
        await SqliteDatabase.OpenAsync(Path.Combine(_folder, $"{Guid.CreateVersion7():N}.db"), 4, TestContext.Current.CancellationToken);
}
