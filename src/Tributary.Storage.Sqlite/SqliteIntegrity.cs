using Microsoft.Data.Sqlite;
using Tributary.Storage.Relational;

namespace Tributary.Storage.Sqlite;

/// <summary>
/// Looks through a database file for pages that are not what they should be (<c>PRAGMA quick_check</c>). That reads the whole file: a small one
/// is checked before it is used, a large one beside its use, a table at a time, so that the time of a start does not grow with the history.
/// </summary>
internal sealed class SqliteIntegrity : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Action<DatabaseLostException> _onDamaged;
    private readonly Lock _sync = new();
    private readonly Thread _thread;
    private bool _isStopped;

    private SqliteIntegrity(string connectionString, Action<DatabaseLostException> onDamaged)
    {
        _connection = new SqliteConnection(connectionString);
        _onDamaged = onDamaged;
        _thread = new Thread(Run) { IsBackground = true, Name = "integrity of " + _connection.DataSource };
    }

    /// <summary>Begins to check beside the use of the file.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="onDamaged">Told once, from the checking thread, when the file is damaged.</param>
    internal static SqliteIntegrity Begin(string connectionString, Action<DatabaseLostException> onDamaged)
    {
        var check = new SqliteIntegrity(connectionString, onDamaged);
        check._thread.Start();
        return check;
    }

    /// <summary>Ends the check, finished or not.</summary>
    public void Dispose()
    {
        lock (_sync)
        {
            _isStopped = true;
            if (_connection.Handle is { } handle)
                SQLitePCL.raw.sqlite3_interrupt(handle);
        }

        _thread.Join();
        _connection.Dispose();
    }

    private void Run()
    {
        try
        {
            lock (_sync)
            {
                if (_isStopped)
                    return;
                _connection.Open();
            }

            foreach (var table in Read("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'", null))
            {
                // By the table-valued form, which takes the name as a value.
                foreach (var answer in Read("SELECT quick_check FROM pragma_quick_check(@table)", table))
                {
                    if (string.Equals(answer, "ok", StringComparison.Ordinal))
                        continue;
                    _onDamaged(new DatabaseLostException($"'{_connection.DataSource}' is damaged in its table {table} ({answer}): stop, and restore a backup."));
                    return;
                }
            }
        }
        catch (SqliteException exception)
        {
            if (!_isStopped)
                _onDamaged(new DatabaseLostException($"'{_connection.DataSource}' is damaged or cannot be read ({exception.Message}): stop, and restore a backup.", exception));
        }
    }

    private List<string> Read(string sql, string? table)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The two texts above.
        command.CommandText = sql;
#pragma warning restore CA2100
        if (table is not null)
            command.Parameters.AddWithValue("@table", table);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(reader.GetString(0));
        return rows;
    }
}
