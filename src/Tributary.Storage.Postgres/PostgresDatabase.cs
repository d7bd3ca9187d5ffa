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

    private const string BeginWrite = "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE";

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;

    // Writers wait here, without a limit of time, and not in the driver's pool, which gives up. Those that conflicted go one after the other.
    private readonly SemaphoreSlim _writers = new(WritersMax);
    private readonly SemaphoreSlim _secondTries = new(1);
    private readonly TaskCompletionSource<Exception> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PostgresDatabase(NpgsqlDataSource source, TimeProvider time)
    {
        _source = source;
        _time = time;
    }

    public SqlDialect Dialect => SqlDialect.Postgres;

    public Task<Exception> Lost => _lost.Task;

    /// <summary>Connects, and refuses a server that may lose a commit it has acknowledged.</summary>
    /// <param name="connectionString">As Npgsql reads it. It may hold a password, so no message repeats it.</param>
    /// <param name="time">Waits between attempts.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="DatabaseLostException">A setting is not safe; the message names it and what it has to be.</exception>
    public static async Task<PostgresDatabase> OpenAsync(string connectionString, TimeProvider time, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxAutoPrepare = 512, AutoPrepareMinUsages = 2, IncludeErrorDetail = false };
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        try
        {
            await DemandAsync(source, "fsync", ["on"], cancellationToken);
            await DemandAsync(source, "full_page_writes", ["on"], cancellationToken);
            await DemandAsync(source, "synchronous_commit", ["on", "remote_apply"], cancellationToken);
            return new PostgresDatabase(source, time);
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _writers.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(BeginWrite, work, isWrite: true, cancellationToken);
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

    public ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        RunAsync("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work, isWrite: false, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _writers.Dispose();
        _secondTries.Dispose();
    }

    private async ValueTask<T> RetryAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 2; ; attempt++)
        {
            try
            {
                return await RunAsync(BeginWrite, work, isWrite: true, cancellationToken);
            }
            catch (PostgresException exception) when (IsConflict(exception) && attempt < AttemptsMax)
            {
                // Other processes may write too: wait longer each time.
                await Task.Delay(TimeSpan.FromMilliseconds(attempt), _time, cancellationToken);
            }
        }
    }

    private async ValueTask<T> RunAsync<T>(
        string begin, Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, bool isWrite, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        var session = new PostgresSession(connection);
        await session.ExecuteAsync(begin, SqlArguments.None, cancellationToken);
        var isOpen = true;
        try
        {
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

    private static async Task DemandAsync(NpgsqlDataSource source, string setting, string[] wanted, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("SELECT current_setting(@setting)");
        command.Parameters.AddWithValue("setting", setting);
        var value = (string?)await command.ExecuteScalarAsync(cancellationToken);
        if (!wanted.Contains(value, StringComparer.Ordinal))
            throw new DatabaseLostException($"PostgreSQL runs with {setting} = {value}: a payment that was acknowledged could be lost. Set it to {wanted[0]} and start again.");
    }
}
