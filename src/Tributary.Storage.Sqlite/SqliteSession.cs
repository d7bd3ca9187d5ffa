using Microsoft.Data.Sqlite;
using Tributary.Storage.Relational;

namespace Tributary.Storage.Sqlite;

/// <summary>One connection with its prepared statements; used by one caller at a time.</summary>
internal sealed class SqliteSession : ISqlTransaction, IDisposable
{
    private const int StatementsMax = 512;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    public SqlDialect Dialect => SqlDialect.Sqlite;

    /// <summary>Opens a connection and checks that a commit on it will be durable.</summary>
    public static async Task<SqliteSession> OpenAsync(string connectionString, bool isReader, CancellationToken cancellationToken)
    {
        var session = new SqliteSession(new SqliteConnection(connectionString));
        try
        {
            await session._connection.OpenAsync(cancellationToken);
            session.Demand("PRAGMA journal_mode = WAL", "journal_mode", "wal");
            session.Run("PRAGMA synchronous = FULL");
            session.Demand("PRAGMA synchronous", "synchronous", "2");
            session.Run("PRAGMA busy_timeout = 10000");
            session.Run("PRAGMA temp_store = MEMORY");
            if (isReader)
                session.Run("PRAGMA query_only = ON");
            return session;
        }
        catch (SqliteException exception)
        {
            session.Dispose();
            throw new DatabaseLostException($"SQLite cannot open '{session._connection.DataSource}': {exception.Message}. Restore a backup, or name another folder.", exception);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public ValueTask<int> ExecuteAsync(string sql, SqlArguments arguments, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Prepare(sql, arguments).ExecuteNonQuery());

    public ValueTask<List<T>> QueryAsync<T>(string sql, SqlArguments arguments, Func<SqlRow, T> read, CancellationToken cancellationToken)
    {
        using var reader = Prepare(sql, arguments).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(new SqlRow(reader)));
        return ValueTask.FromResult(rows);
    }

    /// <summary>Looks through the whole file for damage.</summary>
    /// <exception cref="DatabaseLostException">There is some.</exception>
    public void Check()
    {
        try
        {
            Demand("PRAGMA quick_check(1)", "quick_check", "ok");
        }
        catch (SqliteException exception)
        {
            throw new DatabaseLostException($"'{_connection.DataSource}' is damaged: {exception.Message}. Restore a backup, or name another folder.", exception);
        }
    }

    /// <summary>Runs a statement of the session itself.</summary>
    public void Run(string sql) => Prepare(sql, SqlArguments.None).ExecuteNonQuery();

    public void Dispose()
    {
        Forget();
        _connection.Dispose();
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _statements.Clear();
    }

    private void Demand(string sql, string setting, string wanted)
    {
        var value = Convert.ToString(Prepare(sql, SqlArguments.None).ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        if (!string.Equals(value, wanted, StringComparison.OrdinalIgnoreCase))
            throw new DatabaseLostException($"SQLite's {setting} is '{value}' where '{wanted}' is needed: the folder cannot hold money safely.");
    }

    // The texts are the program's own, and a statement is parsed once for each connection. Searches put conditions together in more ways than are
    // worth keeping: then all are parsed anew.
#pragma warning disable CA2100
    private SqliteCommand Prepare(string sql, SqlArguments arguments)
    {
        if (!_statements.TryGetValue(sql, out var command))
        {
            if (_statements.Count == StatementsMax)
                Forget();
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _statements.Add(sql, command);
        }

        command.Parameters.Clear();
        foreach (var (name, value) in arguments)
            command.Parameters.AddWithValue("@" + name, value ?? DBNull.Value);
        return command;
    }
#pragma warning restore CA2100
}
