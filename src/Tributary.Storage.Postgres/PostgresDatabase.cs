using Npgsql;
using Tributary.Storage.Relational;

namespace Tributary.Storage.Postgres;

/// <summary>
/// PostgreSQL. Writes are serializable transactions, run again when PostgreSQL finds that they conflict; the server's own group commit shares
/// flushes between connections.
/// </summary>
public sealed class PostgresDatabase : IDatabase
{
    private const int AttemptsMax = 24;
    private const int WritersMax = 8;
    private const int ReadersMax = 16;

    private const string BeginWrite = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE";
    private const string BeginLeasedWrite = $"{BeginWrite}; {PostgresLease.Check}";
    private const string BeginRead = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

    private readonly NpgsqlDataSource _source;
    private readonly PostgresLease? _lease;
    private readonly TimeProvider _time;

    // Callers wait here, without a limit of time, and not in the driver's pool, which gives up. Those that conflicted go one after the other.
    private readonly SemaphoreSlim _writers = new(WritersMax);
    private readonly SemaphoreSlim _readers = new(ReadersMax);
    private readonly SemaphoreSlim _secondTries = new(1);

    private PostgresDatabase(NpgsqlDataSource source, PostgresLease? lease, TimeProvider time)
    {
        _source = source;
        _lease = lease;
        _time = time;
        Lost = lease is null ? new TaskCompletionSource<Exception>().Task : LostAsync(lease);
    }

    public SqlDialect Dialect => SqlDialect.Postgres;

    public Task<Exception> Lost { get; }

    /// <summary>Connects, and refuses a server that may lose a commit it has acknowledged. Others may write at the same time.</summary>
    /// <param name="connectionString">As Npgsql reads it. It may hold a password, so no message repeats it.</param>
    /// <param name="time">Waits between attempts.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="DatabaseLostException">There is no such server or database, or a setting is not safe; the message says what to do.</exception>
    public static Task<PostgresDatabase> OpenAsync(string connectionString, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(connectionString, leaseOptions: null, time, cancellationToken);

    /// <summary>Connects as the only one that writes: a second holder is refused, and one that lost its turn can commit nothing more.</summary>
    /// <inheritdoc cref="OpenAsync(string, TimeProvider, CancellationToken)"/>
    /// <exception cref="DatabaseLostException">Another server works on the database.</exception>
    public static Task<PostgresDatabase> OpenExclusiveAsync(string connectionString, PostgresLeaseOptions leaseOptions, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(connectionString, leaseOptions, time, cancellationToken);

    /// <summary>Connects, checks what <see cref="OpenAsync(string, TimeProvider, CancellationToken)"/> demands, and gives the server's version.</summary>
    /// <exception cref="DatabaseLostException">As for opening.</exception>
    public static async Task<string> VersionAsync(string connectionString, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = 1, IncludeErrorDetail = false };
        try
        {
            await using var source = NpgsqlDataSource.Create(settings);
            await PostgresDemands.CheckAsync(source, cancellationToken);
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            return connection.PostgreSqlVersion.ToString();
        }
        catch (NpgsqlException exception)
        {
            throw PostgresDemands.Explain(settings, exception);
        }
    }

    public async ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _writers.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(work, isWrite: true, cancellationToken);
        }
        catch (PostgresException exception) when (IsConflict(exception))
        {
            // Another transaction won; this one takes its turn below.
        }
        finally
        {
            _writers.Release();
        }

        await _secondTries.WaitAsync(cancellationToken);
        try
        {
            return await RetryAsync(work, cancellationToken);
        }
        finally
        {
            _secondTries.Release();
        }
    }

    public async ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(work, isWrite: false, cancellationToken);
        }
        finally
        {
            _readers.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        if (_lease is not null)
            await _lease.DisposeAsync();
        _writers.Dispose();
        _readers.Dispose();
        _secondTries.Dispose();
    }

    private static async Task<PostgresDatabase> OpenAsync(string connectionString, PostgresLeaseOptions? leaseOptions, TimeProvider time, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 512,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
            MaxPoolSize = WritersMax + ReadersMax + 1,
        };
        PostgresLease? lease = null;
        NpgsqlDataSource? source = null;
        try
        {
            if (leaseOptions is not null)
            {
                await using (var first = NpgsqlDataSource.Create(settings))
                    await PostgresDemands.CheckAsync(first, cancellationToken);
                lease = await PostgresLease.TakeAsync(settings.ConnectionString, leaseOptions, time, cancellationToken);
                settings.ApplicationName = lease.ApplicationName;
            }

            source = NpgsqlDataSource.Create(settings);
            await PostgresDemands.CheckAsync(source, cancellationToken);
            return new PostgresDatabase(source, lease, time);
        }
        catch (Exception exception)
        {
            if (source is not null)
                await source.DisposeAsync();
            if (lease is not null)
                await lease.DisposeAsync();
            if (exception is NpgsqlException)
                throw PostgresDemands.Explain(settings, exception);
            throw;
        }
    }

    private static async Task<Exception> LostAsync(PostgresLease lease) => new DatabaseLostException("PostgreSQL: " + await lease.Lost);

    private async ValueTask<T> RetryAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 2; ; attempt++)
        {
            try
            {
                return await RunAsync(work, isWrite: true, cancellationToken);
            }
            catch (PostgresException exception) when (IsConflict(exception) && attempt < AttemptsMax)
            {
                // Other processes may write too: wait longer each time.
                await Task.Delay(TimeSpan.FromMilliseconds(attempt), _time, cancellationToken);
            }
        }
    }

    private async ValueTask<T> RunAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, bool isWrite, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        var session = new PostgresSession(connection);
        var isOpen = true;
        try
        {
            await BeginAsync(session, isWrite, cancellationToken);
            var value = await work(session, cancellationToken);
            if (session.HasFailed)
                throw new InvalidOperationException("The work went on after a statement of it had failed.");

            // A commit is not cancelled: whoever asked for it has to learn what became of it.
            isOpen = false;
            await session.ExecuteAsync(isWrite ? "COMMIT" : "ROLLBACK", SqlArguments.None, CancellationToken.None);
            return value;
        }
        finally
        {
            if (isOpen && connection.State == System.Data.ConnectionState.Open)
                await session.ExecuteAsync("ROLLBACK", SqlArguments.None, CancellationToken.None);
        }
    }

    private static bool IsConflict(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    // One round trip, whatever is checked.
    private async ValueTask BeginAsync(PostgresSession session, bool isWrite, CancellationToken cancellationToken)
    {
        if (_lease is null || !isWrite)
        {
            await session.ExecuteAsync(isWrite ? BeginWrite : BeginRead, SqlArguments.None, cancellationToken);
            return;
        }

        var found = await session.QueryAsync(BeginLeasedWrite, SqlArguments.None, static row => row.Integer(0), cancellationToken);
        if (found is [var generation] && generation == _lease.Generation)
            return;
        _lease.Lose(found.Count == 0 ? 0 : found[0]);
        throw await Lost.WaitAsync(cancellationToken);
    }
}
