using System.Globalization;
using Npgsql;
using Tributary.Storage.Relational;

namespace Tributary.Storage.Postgres;

/// <summary>
/// The right to write into a database. A session of its own holds an advisory lock, which PostgreSQL gives back when the process dies. A holder
/// that is cut off or stands still keeps its lock, so a successor may end its sessions after a time of silence; what keeps the old one from
/// writing when it wakes up is the generation: the successor raises it while no transaction is open, and every transaction reads it first.
/// </summary>
internal sealed class PostgresLease : IAsyncDisposable
{
    /// <summary>
    /// What each transaction of the holder begins with: <c>LOCK TABLE</c> comes before the snapshot is taken, so the generation that is read is the
    /// one of a moment at which no successor was about to raise it.
    /// </summary>
    public const string Check = "LOCK TABLE database_lease IN ROW SHARE MODE; SELECT generation FROM database_lease WHERE id = 1";

    private const long Key = 0x5472_6962_7574_6172;
    private const string NamePrefix = "tributary:";
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(250);

    private readonly string _connectionString;
    private readonly PostgresLeaseOptions _options;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private NpgsqlConnection? _connection;
    private Task _keeping = Task.CompletedTask;

    private PostgresLease(string connectionString, string name, PostgresLeaseOptions options, TimeProvider time)
    {
        _connectionString = connectionString;
        ApplicationName = name;
        _options = options;
        _time = time;
    }

    /// <summary>The name of all sessions of this holder, by which a successor ends them.</summary>
    public string ApplicationName { get; }

    /// <summary>This holder's number.</summary>
    public long Generation { get; private set; }

    /// <summary>Completes with the reason when another holder has taken over.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Takes the lease; waits for a holder that shows no sign of life, and refuses beside one that does.</summary>
    /// <exception cref="DatabaseLostException">Another server works on the database; the message says which and what to do.</exception>
    public static async Task<PostgresLease> TakeAsync(string connectionString, PostgresLeaseOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var name = NamePrefix + Guid.CreateVersion7(time.GetUtcNow()).ToString("N")[..24];
        var own = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = name, MaxAutoPrepare = 0 };
        var lease = new PostgresLease(own.ConnectionString, name, options, time);
        try
        {
            lease._connection = new NpgsqlConnection(lease._connectionString);
            await lease._connection.OpenAsync(cancellationToken);
            await lease.LockAsync(lease._connection, cancellationToken);
            await lease.RaiseAsync(lease._connection, cancellationToken);
            lease._keeping = lease.KeepAsync();
            return lease;
        }
        catch
        {
            await lease.DisposeAsync();
            throw;
        }
    }

    /// <summary>A transaction found another generation.</summary>
    public void Lose(long found) =>
        _lost.TrySetResult($"another server has taken the database over (generation {found}, this one is {Generation}); this one stops");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_connection is not null)
            await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        (int Process, string State)? first = null;
        while (!await ScalarAsync<bool>(connection, "SELECT pg_try_advisory_lock(@key)", cancellationToken))
        {
            var holder = await FindHolderAsync(connection, cancellationToken);
            if (holder is { } known)
            {
                var seen = (known.Process, known.State);
                first ??= seen;
                if (known.Silence is not { } silence)
                    throw new DatabaseLostException($"Another server works on this database ({known.Who}), as another user of PostgreSQL. Stop it first.");
                if (silence > _options.SilenceMax)
                    await EndAsync(connection, known.Name, cancellationToken);
                else if (first != seen)
                    throw new DatabaseLostException($"Another server works on this database ({known.Who}). Two would ruin the books: stop it first, or give this one a database of its own.");
            }

            await Task.Delay(s_poll, _time, cancellationToken);
        }
    }

    // Sessions of a process that died may still be about to commit, and one of them could hold the table: they end before the number is raised.
    private async Task RaiseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using (var end = Command(connection, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND starts_with(application_name, @prefix) AND application_name <> @name AND pid <> pg_backend_pid()"))
        {
            end.Parameters.AddWithValue("prefix", NamePrefix);
            end.Parameters.AddWithValue("name", ApplicationName);
            await end.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, "CREATE TABLE IF NOT EXISTS database_lease (id BIGINT NOT NULL PRIMARY KEY, generation BIGINT NOT NULL, holder TEXT NOT NULL)", cancellationToken);
        await RunAsync(connection, "LOCK TABLE database_lease IN EXCLUSIVE MODE", cancellationToken);
        await using (var raise = Command(
            connection,
            "INSERT INTO database_lease (id, generation, holder) VALUES (1, 1, @holder) ON CONFLICT (id) DO UPDATE SET generation = database_lease.generation + 1, holder = excluded.holder RETURNING generation"))
        {
            raise.Parameters.AddWithValue("holder", _options.Holder);
            Generation = (long)(await raise.ExecuteScalarAsync(cancellationToken))!;
        }

        await transaction.CommitAsync(cancellationToken);
    }

    // A sign of life now and then. A session that was cut is opened anew: the number decides whether it is still this holder's turn.
    private async Task KeepAsync()
    {
        while (true)
        {
            await Task.Delay(_options.BeatEvery, _time, _stop.Token);
            try
            {
                if (_connection is not { State: System.Data.ConnectionState.Open })
                    await ReopenAsync(_stop.Token);
                var found = await ScalarAsync<long>(_connection!, "SELECT generation FROM database_lease WHERE id = 1", _stop.Token);
                if (found != Generation)
                {
                    Lose(found);
                    return;
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException or TimeoutException)
            {
                // PostgreSQL is away for a while; what is written meanwhile fails by itself.
            }
        }
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connection = new NpgsqlConnection(_connectionString);
        await _connection.OpenAsync(cancellationToken);

        // Whether the lock is had again or a successor has it, the number is what counts.
        await ScalarAsync<bool>(_connection, "SELECT pg_try_advisory_lock(@key)", cancellationToken);
    }

    private static async Task<(int Process, string Name, string Who, string State, TimeSpan? Silence)?> FindHolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            SELECT a.pid, COALESCE(a.application_name, ''), COALESCE(host(a.client_addr), 'this machine'), COALESCE(a.state_change::text, ''),
                   EXTRACT(EPOCH FROM clock_timestamp() - a.state_change)::float8
            FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND l.classid::bigint = @key >> 32 AND l.objid::bigint = (@key & 4294967295) AND l.objsubid = 1
            """);
        command.Parameters.AddWithValue("key", Key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        var process = reader.GetInt32(0);
        TimeSpan? silence = reader.IsDBNull(4) ? null : TimeSpan.FromSeconds(reader.GetDouble(4));
        return (process, reader.GetString(1), string.Create(CultureInfo.InvariantCulture, $"session {process} from {reader.GetString(2)}"), reader.GetString(3), silence);
    }

    private static async Task EndAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var end = Command(connection, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = @name AND pid <> pg_backend_pid()");
        end.Parameters.AddWithValue("name", name);
        await end.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql);
        if (sql.Contains("@key", StringComparison.Ordinal))
            command.Parameters.AddWithValue("key", Key);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

#pragma warning disable CA2100 // The texts are constants of the program.
    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql) => new(sql, connection);
#pragma warning restore CA2100
}
