using Npgsql;
using Tributary.Storage.Relational;

namespace Tributary.Storage.Postgres;

/// <summary>One transaction on one connection.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection) : ISqlTransaction
{
    public SqlDialect Dialect => SqlDialect.Postgres;

    /// <summary>A statement failed: PostgreSQL would answer COMMIT with a silent rollback.</summary>
    public bool HasFailed { get; private set; }

    public async ValueTask<int> ExecuteAsync(string sql, SqlArguments arguments, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, arguments);
        try
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

    public async ValueTask<List<T>> QueryAsync<T>(string sql, SqlArguments arguments, Func<SqlRow, T> read, CancellationToken cancellationToken)
    {
        await using var command = Command(sql, arguments);
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(read(new SqlRow(reader)));
            return rows;
        }
        catch
        {
            HasFailed = true;
            throw;
        }
    }

#pragma warning disable CA2100 // The texts are constants of the program.
    private NpgsqlCommand Command(string sql, SqlArguments arguments)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var (name, value) in arguments)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
#pragma warning restore CA2100
}
