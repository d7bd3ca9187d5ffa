using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Tributary.Storage.Errors;
using Tributary.Storage.Leases;
using Tributary.Storage.Relational;

namespace Tributary.Storage.Sqlite;

/// <summary>
/// SQLite in one file. One loop writes: whatever waits goes into one SQLite transaction, each caller's work in a savepoint of its own, and one
/// flush answers for all of them. Readers have connections of their own and see the last committed state.
/// </summary>
public sealed class SqliteDatabase : IDatabase
{
    private const int WaitingMax = 4096;
    private const int GroupMax = 256;

    private readonly string _connectionString;
    private readonly SqliteSession _writer;
    private readonly WriterLease? _lease;
    private readonly ConcurrentBag<SqliteSession> _idleReaders = [];
    private readonly SemaphoreSlim _readers;
    private readonly Channel<SqliteJob> _jobs = Channel.CreateBounded<SqliteJob>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly TaskCompletionSource<Exception> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;

    private SqliteDatabase(string connectionString, SqliteSession writer, int readersMax, WriterLease? lease)
    {
        _lease = lease;
        _connectionString = connectionString;
        _writer = writer;
        _readers = new SemaphoreSlim(readersMax);
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    public SqlDialect Dialect => SqlDialect.Sqlite;

    public Task<Exception> Lost => _lost.Task;

    /// <summary>Of the library.</summary>
    public static string Version
    {
        get
        {
            SQLitePCL.Batteries_V2.Init();
            return SQLitePCL.raw.sqlite3_libversion().utf8_to_string();
        }
    }

    /// <summary>Opens the file, or makes it. Settings under which a commit could be lost are refused.</summary>
    /// <param name="path">The database's file; its folder exists.</param>
    /// <param name="readersMax">Connections that read at the same time.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="DatabaseLostException">The file is damaged, or SQLite does not take the settings that durability needs.</exception>
    public static Task<SqliteDatabase> OpenAsync(string path, int readersMax, CancellationToken cancellationToken) =>
        OpenAsync(path, readersMax, lease: null, cancellationToken);

    /// <inheritdoc cref="OpenAsync(string, int, CancellationToken)"/>
    /// <param name="path">The database's file; its folder exists.</param>
    /// <param name="readersMax">Connections that read at the same time.</param>
    /// <param name="lease">The right to write into the folder, looked at before and after each commit; the caller keeps it, longer than the database lives.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    public static async Task<SqliteDatabase> OpenAsync(string path, int readersMax, WriterLease? lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readersMax, 1);
        SQLitePCL.Batteries_V2.Init();
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, ForeignKeys = true }.ToString();
        var writer = await SqliteSession.OpenAsync(connectionString, isReader: false, cancellationToken);
        return new SqliteDatabase(connectionString, writer, readersMax, lease);
    }

    public async ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var job = new SqliteJob<T>(work, cancellationToken);
        try
        {
            await _jobs.Writer.WriteAsync(job, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw Gone();
        }

        // From here on the loop answers: a caller that stops waiting would not know whether its work was committed.
        return await job.Completion;
    }

    public async ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken);
        SqliteSession? session = null;
        try
        {
            if (!_idleReaders.TryTake(out session))
                session = await SqliteSession.OpenAsync(_connectionString, isReader: true, cancellationToken);
            session.Run("BEGIN");
            try
            {
                return await work(session, cancellationToken);
            }
            finally
            {
                session.Run("ROLLBACK");
                _idleReaders.Add(session);
                session = null;
            }
        }
        finally
        {
            session?.Dispose();
            _readers.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _loop;
        _writer.Dispose();
        while (_idleReaders.TryTake(out var reader))
            reader.Dispose();
        _readers.Dispose();
    }

    private async Task RunAsync()
    {
        var group = new List<SqliteJob>(GroupMax);
        while (await _jobs.Reader.WaitToReadAsync())
        {
            group.Clear();
            try
            {
                _writer.Run("BEGIN IMMEDIATE");
                while (group.Count < GroupMax && _jobs.Reader.TryRead(out var job))
                {
                    group.Add(job);
                    await RunInSavepointAsync(job);
                }

                // A successor raises the generation before it reads: what it could miss is neither written nor answered for.
                _lease?.Check();
                _writer.Run("COMMIT");
                _lease?.Check();
            }
            catch (SqliteException exception)
            {
                Stop(group, new DatabaseLostException($"SQLite could not make a commit durable ({exception.Message}); the process has to stop and be started again.", exception));
                return;
            }
            catch (Exception exception) when (exception is LeaseLostException or IOException or UnauthorizedAccessException)
            {
                Stop(group, new DatabaseLostException($"Another server has taken the folder over ({exception.Message}); this one stops.", exception));
                return;
            }

            foreach (var job in group)
                job.Answer();
        }
    }

    private async Task RunInSavepointAsync(SqliteJob job)
    {
        _writer.Run("SAVEPOINT job");
        await job.RunAsync(_writer);
        if (!job.IsDone)
            _writer.Run("ROLLBACK TO job");
        _writer.Run("RELEASE job");
    }

    // After a flush that failed nobody knows what is on disk: neither this commit nor a later one may be answered for.
    private void Stop(List<SqliteJob> group, DatabaseLostException lost)
    {
        _lost.TrySetResult(lost);
        _jobs.Writer.TryComplete();
        foreach (var job in group)
            job.Fail(lost);
        while (_jobs.Reader.TryRead(out var job))
            job.Fail(lost);
    }

    private Exception Gone() => _lost.Task.IsCompletedSuccessfully
        ? new DatabaseLostException("The database stopped after a commit that could not be made durable.")
        : new ObjectDisposedException(nameof(SqliteDatabase));
}
