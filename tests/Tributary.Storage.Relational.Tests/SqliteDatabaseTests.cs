using Tributary.Storage.Files;
using Tributary.Storage.Leases;
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

    [Fact]
    public async Task A_server_whose_folder_another_one_took_commits_nothing_more()
    {
        var token = TestContext.Current.CancellationToken;
        var folder = DiskDirectory.Open(Path.Combine(_folder, "leased"));
        var path = Path.Combine(folder.Location, "books.db");
        var lease = WriterLease.Acquire(folder, "the first").Value;
        await using (var database = await SqliteDatabase.OpenAsync(path, 1, lease, token))
        {
            await database.WriteAsync(static async (transaction, t) => await transaction.ExecuteAsync("CREATE TABLE notes (id BIGINT)", SqlArguments.None, t), token);
            Assert.False(WriterLease.Acquire(folder, "the second").IsOk);

            // A file system that keeps no locks lets a second one in.
            lease.Dispose();
            using var second = WriterLease.Acquire(folder, "the second").Value;
            var refused = await Assert.ThrowsAsync<DatabaseLostException>(async () => await database.WriteAsync(
                static async (transaction, t) => await transaction.ExecuteAsync("INSERT INTO notes (id) VALUES (1)", SqlArguments.None, t), token));
            Assert.Contains("taken the folder over", refused.Message, StringComparison.Ordinal);
            Assert.Same(refused, await database.Lost.WaitAsync(token));
        }

        await using var again = await SqliteDatabase.OpenAsync(path, 1, token);
        Assert.Equal(0, await again.ReadAsync(
            static async (transaction, t) => await transaction.FirstOrDefaultAsync("SELECT COUNT(*) FROM notes", SqlArguments.None, static row => row.Integer(0), t), token));
    }

    protected override async Task<IDatabase> OpenAsync() =>
        await SqliteDatabase.OpenAsync(Path.Combine(_folder, $"{Guid.CreateVersion7():N}.db"), 4, TestContext.Current.CancellationToken);
}
