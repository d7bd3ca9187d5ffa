using System.Globalization;
using Npgsql;
using Tributary.Storage.Postgres;
using Tributary.Testing.Postgres;

namespace Tributary.Storage.Relational.Tests;

/// <summary>One server on one database, whatever happens to the one before.</summary>
public sealed class PostgresLeaseTests(PostgresFixture postgres)
{
    private static readonly PostgresLeaseOptions s_quick = new("a test") { BeatEvery = TimeSpan.FromMilliseconds(100), SilenceMax = TimeSpan.FromSeconds(3) };

    // For those who are to be refused: a holder that a busy machine keeps waiting is not dead.
    private static readonly PostgresLeaseOptions s_patient = s_quick with { SilenceMax = TimeSpan.FromMinutes(2) };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_server_is_refused_while_the_first_one_lives_and_welcome_when_it_has_gone()
    {
        var place = await CreateAsync();
        await using (var first = await OpenAsync(place, TimeProvider.System))
        {
            await AddAsync(first, 1);
            var refused = await Assert.ThrowsAsync<DatabaseLostException>(() => OpenAsync(place, TimeProvider.System, s_patient));
            Assert.Contains("Another server works on this database", refused.Message, StringComparison.Ordinal);
            await AddAsync(first, 2);
            Assert.False(first.Lost.IsCompleted);
        }

        await using var second = await OpenAsync(place, TimeProvider.System);
        await AddAsync(second, 3);
        Assert.Equal([1L, 2L, 3L], await ReadAsync(second));
    }

    [Fact]
    public async Task A_server_that_stood_still_commits_nothing_after_another_one_took_over()
    {
        var place = await CreateAsync();
        var pause = new StoppingClock();
        await using var first = await OpenAsync(place, pause);
        await AddAsync(first, 1);

        // It stands still with a transaction open, as a process does that is paused in the middle of its work.
        var resume = new TaskCompletionSource();
        var inTheMiddle = new TaskCompletionSource();
        var late = first.WriteAsync(
            async (transaction, token) =>
            {
                await InsertAsync(transaction, 2, token);
                inTheMiddle.TrySetResult();
                await resume.Task.WaitAsync(token);
                return true;
            },
            Token).AsTask();
        await inTheMiddle.Task.WaitAsync(Token);
        pause.Stop();

        await using var second = await OpenAsync(place, TimeProvider.System);
        await AddAsync(second, 3);
        resume.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => late);
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => UntilRefusedAsync(first));
        Assert.IsType<DatabaseLostException>(refused);
        Assert.Contains("taken the database over", (await first.Lost.WaitAsync(Token)).Message, StringComparison.Ordinal);
        Assert.Equal([1L, 3L], await ReadAsync(second));
    }

    [Fact]
    public async Task A_holder_whose_sessions_are_cut_goes_on_when_nobody_took_its_turn()
    {
        var place = await CreateAsync();
        await using var first = await OpenAsync(place, TimeProvider.System);
        await AddAsync(first, 1);
        await RunAsync(place, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        while (await CountAsync(place, "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") == 0)
            await Task.Delay(50, Token);
        while (true)
        {
            try
            {
                await AddAsync(first, 2);
                break;
            }
            catch (NpgsqlException)
            {
                // A session of the pool that was cut.
            }
        }

        Assert.Equal([1L, 2L], await ReadAsync(first));
        await Assert.ThrowsAsync<DatabaseLostException>(() => OpenAsync(place, TimeProvider.System, s_patient));
    }

    [Fact]
    public async Task A_database_that_sorts_by_a_language_is_refused_with_the_command_that_makes_a_good_one()
    {
        var server = await postgres.GetSharedAsync(Token);
        await RunAsync(server.ConnectionString, "DROP DATABASE IF EXISTS sorted_latin");
        await RunAsync(server.ConnectionString, "CREATE DATABASE sorted_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
        var refused = await Assert.ThrowsAsync<DatabaseLostException>(() => OpenAsync(server.ConnectionTo("sorted_latin"), TimeProvider.System));
        Assert.Contains("createdb --template=template0 --encoding=UTF8 --locale=C", refused.Message, StringComparison.Ordinal);
    }

    private static Task<PostgresDatabase> OpenAsync(string place, TimeProvider time, PostgresLeaseOptions? options = null) => PostgresDatabase.OpenExclusiveAsync(place, options ?? s_quick, time, Token);

    private async Task<string> CreateAsync()
    {
        var server = await postgres.GetSharedAsync(Token);
        var name = $"test_{Guid.CreateVersion7():N}";
        await RunAsync(server.ConnectionString, $"CREATE DATABASE {name}");
        await RunAsync(server.ConnectionTo(name), "CREATE TABLE notes (id BIGINT NOT NULL)");
        return server.ConnectionTo(name);
    }

    private static async Task UntilRefusedAsync(PostgresDatabase database)
    {
        while (true)
        {
            try
            {
                await AddAsync(database, 9);
            }
            catch (NpgsqlException)
            {
                // A session that the successor ended; the next one is new.
            }
        }
    }

    private static async Task AddAsync(PostgresDatabase database, long id) => await database.WriteAsync(
        async (transaction, token) =>
        {
            await InsertAsync(transaction, id, token);
            return true;
        },
        Token);

    private static ValueTask InsertAsync(ISqlTransaction transaction, long id, CancellationToken token) =>
        transaction.ExecuteOneAsync("INSERT INTO notes (id) VALUES (@id)", new SqlArguments { { "id", id } }, token);

    private static async Task<List<long>> ReadAsync(PostgresDatabase database) => await database.ReadAsync(
        static async (transaction, token) => await transaction.QueryAsync("SELECT id FROM notes ORDER BY id", SqlArguments.None, static row => row.Integer(0), token), Token);

    private static async Task RunAsync(string place, string sql)
    {
        await using var connection = new NpgsqlConnection(place + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static async Task<long> CountAsync(string place, string sql)
    {
        await using var connection = new NpgsqlConnection(place + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(await command.ExecuteScalarAsync(Token), CultureInfo.InvariantCulture);
    }

    /// <summary>A clock whose timers ring no more once it was stopped: a process that is paused.</summary>
    private sealed class StoppingClock : TimeProvider
    {
        private readonly List<ITimer> _timers = [];
        private bool _isStopped;

        public void Stop()
        {
            lock (_timers)
            {
                _isStopped = true;
                foreach (var timer in _timers)
                    timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_timers)
            {
                var timer = base.CreateTimer(callback, state, _isStopped ? Timeout.InfiniteTimeSpan : dueTime, period);
                _timers.Add(timer);
                return timer;
            }
        }
    }
}
