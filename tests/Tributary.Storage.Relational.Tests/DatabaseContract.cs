namespace Tributary.Storage.Relational.Tests;

/// <summary>What every database must do; each implementation runs it.</summary>
public abstract class DatabaseContract
{
    private static readonly Migration[] s_tables =
    [
        new(1, "balances", "CREATE TABLE balances (id TEXT NOT NULL PRIMARY KEY, amount BIGINT NOT NULL CHECK (amount >= 0))\n;\nCREATE TABLE blobs (id BIGINT NOT NULL PRIMARY KEY, body {bytes}, note TEXT)"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<IDatabase> OpenAsync();

    [Fact]
    public async Task A_write_is_read_back_with_all_types_and_nulls()
    {
        await using var database = await OpenMigratedAsync();
        await database.WriteAsync(
            static async (transaction, token) =>
            {
                await transaction.ExecuteOneAsync(
                    "INSERT INTO blobs (id, body, note) VALUES (@id, @body, @note)", new SqlArguments { { "id", long.MaxValue }, { "body", [0, 255, 7] }, { "note", "naïve ✓" } }, token);
                await transaction.ExecuteOneAsync(
                    "INSERT INTO blobs (id, body, note) VALUES (@id, @body, @note)", new SqlArguments { { "id", long.MinValue }, { "body", (byte[]?)null }, { "note", (string?)null } }, token);
                return 0;
            },
            Token);

        var rows = await database.ReadAsync(
            static async (transaction, token) => await transaction.QueryAsync(
                "SELECT id, body, note FROM blobs ORDER BY id", SqlArguments.None, static row => (row.Integer(0), row.BytesOrNull(1), row.TextOrNull(2)), token),
            Token);

        Assert.Equal(2, rows.Count);
        Assert.Equal((long.MinValue, null, null), rows[0]);
        Assert.Equal(long.MaxValue, rows[1].Item1);
        Assert.Equal([0, 255, 7], rows[1].Item2!);
        Assert.Equal("naïve ✓", rows[1].Item3);
    }

    [Fact]
    public async Task Work_that_throws_leaves_nothing_behind_and_its_neighbours_alone()
    {
        await using var database = await OpenMigratedAsync();
        var neighbours = Enumerable.Range(0, 40).Select(i => database.WriteAsync(
            async (transaction, token) =>
            {
                await InsertAsync(transaction, $"account {i}", i, token);
                return i % 4 == 3 ? throw new InvalidOperationException("no") : i;
            },
            Token).AsTask()).ToArray();
        foreach (var (neighbour, i) in neighbours.Select(static (task, i) => (task, i)))
        {
            if (i % 4 == 3)
                Assert.Equal("no", (await Assert.ThrowsAsync<InvalidOperationException>(() => neighbour)).Message);
            else
                Assert.Equal(i, await neighbour);
        }

        var there = await database.ReadAsync(
            static async (transaction, token) => await transaction.QueryAsync("SELECT amount FROM balances", SqlArguments.None, static row => row.Integer(0), token), Token);
        Assert.Equal(Enumerable.Range(0, 40).Where(static i => i % 4 != 3).Select(static i => (long)i), there.Order());
    }

    [Fact]
    public async Task A_statement_that_fails_takes_the_whole_work_back()
    {
        await using var database = await OpenMigratedAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () => await database.WriteAsync(
            static async (transaction, token) =>
            {
                await InsertAsync(transaction, "first", 1, token);
                await InsertAsync(transaction, "second", -1, token);
                return 0;
            },
            Token));
        Assert.Equal(0, await CountAsync(database));
    }

    [Fact]
    public async Task Concurrent_transfers_behave_as_if_one_came_after_the_other()
    {
        await using var database = await OpenMigratedAsync();
        await database.WriteAsync(
            static async (transaction, token) =>
            {
                for (var i = 0; i < 4; i++)
                    await InsertAsync(transaction, $"{i}", 100, token);
                return 0;
            },
            Token);

        // Each reads two balances and writes both: lost updates and write skew would change the sum or go below zero.
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => database.WriteAsync(
            async (transaction, token) =>
            {
                var from = $"{i % 4}";
                var to = $"{(i + 1 + (i / 4 % 3)) % 4}";
                var balance = await transaction.FirstOrDefaultAsync("SELECT amount FROM balances WHERE id = @id", new SqlArguments { { "id", from } }, static row => row.Integer(0), token);
                var move = Math.Min(balance, 7 + (i % 5));
                await transaction.ExecuteOneAsync("UPDATE balances SET amount = @amount WHERE id = @id", new SqlArguments { { "id", from }, { "amount", balance - move } }, token);
                var other = await transaction.FirstOrDefaultAsync("SELECT amount FROM balances WHERE id = @id", new SqlArguments { { "id", to } }, static row => row.Integer(0), token);
                await transaction.ExecuteOneAsync("UPDATE balances SET amount = @amount WHERE id = @id", new SqlArguments { { "id", to }, { "amount", other + move } }, token);
                return 0;
            },
            Token).AsTask()));

        var amounts = await database.ReadAsync(
            static async (transaction, token) => await transaction.QueryAsync("SELECT amount FROM balances", SqlArguments.None, static row => row.Integer(0), token), Token);
        Assert.Equal(400, amounts.Sum());
        Assert.All(amounts, static amount => Assert.True(amount >= 0));
    }

    [Fact]
    public async Task A_reader_sees_one_state_while_others_write()
    {
        await using var database = await OpenMigratedAsync();
        await database.WriteAsync(static async (transaction, token) => { await InsertAsync(transaction, "a", 1, token); return 0; }, Token);
        var (before, after) = await database.ReadAsync(
            async (transaction, token) =>
            {
                var first = await transaction.QueryAsync("SELECT id FROM balances", SqlArguments.None, static row => row.Text(0), token);
                await database.WriteAsync(static async (inner, innerToken) => { await InsertAsync(inner, "b", 2, innerToken); return 0; }, token);
                var second = await transaction.QueryAsync("SELECT id FROM balances", SqlArguments.None, static row => row.Text(0), token);
                return (first.Count, second.Count);
            },
            Token);
        Assert.Equal((1, 1), (before, after));
        Assert.Equal(2, await CountAsync(database));
    }

    [Fact]
    public async Task A_reader_cannot_write()
    {
        await using var database = await OpenMigratedAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () => await database.ReadAsync(
            static async (transaction, token) => { await InsertAsync(transaction, "a", 1, token); return 0; }, Token));
        Assert.Equal(0, await CountAsync(database));
    }

    [Fact]
    public async Task Migrating_twice_changes_nothing_and_a_newer_database_is_refused()
    {
        await using var database = await OpenMigratedAsync();
        await MigrationRunner.MigrateAsync(database, "test", s_tables, Token);
        Migration[] newer = [.. s_tables, new(2, "more", "ALTER TABLE balances ADD COLUMN label TEXT")];
        await MigrationRunner.MigrateAsync(database, "test", newer, Token);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => MigrationRunner.MigrateAsync(database, "test", s_tables, Token));
        Assert.Contains("newer version", refused.Message, StringComparison.Ordinal);
        Migration[] edited = [s_tables[0] with { Sql = "CREATE TABLE other (id BIGINT)" }, newer[1]];
        await Assert.ThrowsAsync<MigrationException>(() => MigrationRunner.MigrateAsync(database, "test", edited, Token));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_database_as_it_was()
    {
        await using var database = await OpenMigratedAsync();
        Migration[] broken = [.. s_tables, new(2, "broken", "CREATE TABLE half (id BIGINT)\n;\nCREATE NONSENSE")];
        await Assert.ThrowsAnyAsync<Exception>(() => MigrationRunner.MigrateAsync(database, "test", broken, Token));
        await MigrationRunner.MigrateAsync(database, "test", s_tables, Token);
        Migration[] mended = [.. s_tables, new(2, "mended", "CREATE TABLE half (id BIGINT)")];
        await MigrationRunner.MigrateAsync(database, "test", mended, Token);
    }

    [Fact]
    public async Task Cancelled_before_it_runs_a_write_does_nothing()
    {
        await using var database = await OpenMigratedAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await database.WriteAsync(
            static async (transaction, token) => { await InsertAsync(transaction, "a", 1, token); return 0; }, cancelled.Token));
        Assert.Equal(0, await CountAsync(database));
    }

    private async Task<IDatabase> OpenMigratedAsync()
    {
        var database = await OpenAsync();
        await MigrationRunner.MigrateAsync(database, "test", s_tables, Token);
        return database;
    }

    private static ValueTask InsertAsync(ISqlTransaction transaction, string id, long amount, CancellationToken token) => transaction.ExecuteOneAsync(
        "INSERT INTO balances (id, amount) VALUES (@id, @amount)", new SqlArguments { { "id", id }, { "amount", amount } }, token);

    private static async Task<long> CountAsync(IDatabase database) => await database.ReadAsync(
        static async (transaction, token) => await transaction.FirstOrDefaultAsync("SELECT COUNT(*) FROM balances", SqlArguments.None, static row => row.Integer(0), token), Token);
}
