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

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public async Task A_damaged_page_is_found_before_a_small_file_is_used_and_beside_the_use_of_a_large_one(long checkedAtOnceMax)
    {
        var token = TestContext.Current.CancellationToken;
        var path = Path.Combine(_folder, "pages.db");
        await using (var database = await SqliteDatabase.OpenAsync(path, 1, token))
        {
            await database.WriteAsync(static async (transaction, t) => await transaction.ExecuteAsync("CREATE TABLE notes (id BIGINT, text TEXT)", SqlArguments.None, t), token);
            await database.WriteAsync(
                static async (transaction, t) =>
                {
                    for (var i = 0; i < 2000; i++)
                        await transaction.ExecuteAsync("INSERT INTO notes (id, text) VALUES (@id, @text)", new SqlArguments { { "id", i }, { "text", new string('n', 100) } }, t);
                    return 0;
                },
                token);
        }

        await using (var file = new FileStream(path, FileMode.Open))
        {
            // In the middle of the table, where nothing that opens a database looks.
            file.Position = 4096 * 20;
            file.Write(new byte[4096]);
        }

        if (checkedAtOnceMax > 0)
        {
            var refused = await Assert.ThrowsAsync<DatabaseLostException>(() => SqliteDatabase.OpenAsync(path, 1, null, checkedAtOnceMax, token));
            Assert.Contains("quick_check", refused.Message, StringComparison.Ordinal);
            return;
        }

        await using var damaged = await SqliteDatabase.OpenAsync(path, 1, null, checkedAtOnceMax, token);
        var lost = await damaged.Lost.WaitAsync(token);
        Assert.Contains("is damaged", lost.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DatabaseLostException>(async () => await damaged.WriteAsync(static (_, _) => ValueTask.FromResult(0), token));
    }

    [Fact]
    public async Task A_large_file_that_is_whole_is_checked_beside_its_use_and_closed_at_any_moment()
    {
        var token = TestContext.Current.CancellationToken;
        var path = Path.Combine(_folder, "whole.db");
        for (var i = 0; i < 5; i++)
        {
            await using var database = await SqliteDatabase.OpenAsync(path, 1, null, checkedAtOnceMax: -1, token);
            await database.WriteAsync(static async (transaction, t) => await transaction.ExecuteAsync("CREATE TABLE IF NOT EXISTS notes (id BIGINT)", SqlArguments.None, t), token);
            Assert.False(database.Lost.IsCompleted);
        }
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
