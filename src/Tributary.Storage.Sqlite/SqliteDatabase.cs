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
    private const long CheckedAtOnceMax = 64L << 20;

    private readonly string _connectionString;
    private readonly SqliteSession _writer;
    private readonly WriterLease? _lease;
    private readonly ConcurrentBag<SqliteSession> _idleReaders = [];
    private readonly SemaphoreSlim _readers;
    private readonly Channel<SqliteJob> _jobs = Channel.CreateBounded<SqliteJob>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly TaskCompletionSource<Exception> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _loop;
    private SqliteIntegrity? _integrity;
    private volatile DatabaseLostException? _reason;

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

    /// <summary>Copies a database as it is at one moment, beside the process that writes it; the copy is whole, durable and one file.</summary>
    /// <param name="path">The database's file.</param>
    /// <param name="copy">A file that is not there yet.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <exception cref="IOException">There is no such database, or no copy can be made.</exception>
    public static async Task CopyAsync(string path, string copy, CancellationToken cancellationToken)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            await using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
            await source.OpenAsync(cancellationToken);
            await using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString());
            await target.OpenAsync(cancellationToken);

            // In one step, on one state of the reader: a writer that goes on does not make it begin anew.
            source.BackupDatabase(target);
        }
        catch (SqliteException exception)
        {
            throw new IOException($"'{path}' cannot be copied: {exception.Message}", exception);
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
    public static Task<SqliteDatabase> OpenAsync(string path, int readersMax, WriterLease? lease, CancellationToken cancellationToken) =>
        OpenAsync(path, readersMax, lease, CheckedAtOnceMax, cancellationToken);

    // A file up to a size is looked through before it is used, a larger one beside its use.
    internal static async Task<SqliteDatabase> OpenAsync(string path, int readersMax, WriterLease? lease, long checkedAtOnceMax, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(readersMax, 1);
        SQLitePCL.Batteries_V2.Init();
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, ForeignKeys = true }.ToString();
        var writer = await SqliteSession.OpenAsync(connectionString, isReader: false, cancellationToken);
        var isSmall = new FileInfo(path).Length <= checkedAtOnceMax;
        if (isSmall)
        {
            try
            {
                writer.Check();
            }
            catch
            {
                writer.Dispose();
                throw;
            }
        }

        var database = new SqliteDatabase(connectionString, writer, readersMax, lease);
        if (!isSmall)
            database._integrity = SqliteIntegrity.Begin(connectionString, database.Lose);
        return database;
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
        _integrity?.Dispose();
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
        Lose(lost);
        foreach (var job in group)
            job.Fail(lost);
        while (_jobs.Reader.TryRead(out var job))
            job.Fail(lost);
    }

    // What was answered for stays true; nothing more is taken.
    private void Lose(DatabaseLostException lost)
    {
        _reason ??= lost;
        _jobs.Writer.TryComplete();
        _lost.TrySetResult(lost);
    }

    private Exception Gone() => _reason is { } lost
        ? new DatabaseLostException("The database has stopped: " + lost.Message)
        : new ObjectDisposedException(nameof(SqliteDatabase));
}
