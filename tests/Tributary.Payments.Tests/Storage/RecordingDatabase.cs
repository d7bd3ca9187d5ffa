using Tributary.Storage.Relational;

namespace Tributary.Payments.Tests.Storage;

/// <summary>Remembers the statements that a database is asked to run.</summary>
internal sealed class RecordingDatabase(IDatabase inner) : IDatabase
{
    private readonly Dictionary<string, SqlArguments> _statements = new(StringComparer.Ordinal);

    public SqlDialect Dialect => inner.Dialect;

    public Task<Exception> Lost => inner.Lost;

    /// <summary>Each text once, with the arguments of its first use.</summary>
    public IReadOnlyDictionary<string, SqlArguments> Statements => _statements;

    public ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        inner.WriteAsync((transaction, token) => work(new Recorded(transaction, _statements), token), cancellationToken);

    public ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        inner.ReadAsync((transaction, token) => work(new Recorded(transaction, _statements), token), cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class Recorded(ISqlTransaction transaction, Dictionary<string, SqlArguments> statements) : ISqlTransaction
    {
        public SqlDialect Dialect => transaction.Dialect;

        public ValueTask<int> ExecuteAsync(string sql, SqlArguments arguments, CancellationToken cancellationToken)
        {
            statements.TryAdd(sql, arguments);
            return transaction.ExecuteAsync(sql, arguments, cancellationToken);
        }

        public ValueTask<List<T>> QueryAsync<T>(string sql, SqlArguments arguments, Func<SqlRow, T> read, CancellationToken cancellationToken)
        {
            statements.TryAdd(sql, arguments);
            return transaction.QueryAsync(sql, arguments, read, cancellationToken);
        }
    }
}
