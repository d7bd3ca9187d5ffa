namespace Tributary.Storage.Relational;

/// <summary>One transaction, for the call that was given it.</summary>
public interface ISqlTransaction
{
    SqlDialect Dialect { get; }

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    ValueTask<int> ExecuteAsync(string sql, SqlArguments arguments, CancellationToken cancellationToken);

    /// <summary>Runs a query and reads all its rows: a query that may find many carries a limit.</summary>
    ValueTask<List<T>> QueryAsync<T>(string sql, SqlArguments arguments, Func<SqlRow, T> read, CancellationToken cancellationToken);
}
