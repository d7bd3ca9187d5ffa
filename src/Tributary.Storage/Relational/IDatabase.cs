namespace Tributary.Storage.Relational;

/// <summary>
/// A relational database in which every write is one transaction, durable before it is answered for. SQLite and PostgreSQL pass one contract
/// suite; behind both, transactions behave as if one came after the other (serializable). Safe to call from many threads.
/// </summary>
public interface IDatabase : IAsyncDisposable
{
    SqlDialect Dialect { get; }

    /// <summary>
    /// Completes with the reason when the database can no longer promise durability (a failed flush, a full disk): everything after that fails,
    /// nothing is tried again, and the process that holds money on it has to stop.
    /// </summary>
    Task<Exception> Lost { get; }

    /// <summary>
    /// Runs work in one transaction and returns when it is on disk. The work may run again after a conflict with another transaction, so it acts
    /// on nothing but the transaction. An exception from the work takes everything back.
    /// </summary>
    ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken);

    /// <summary>Runs queries on one consistent state. Statements that write fail.</summary>
    ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken);
}
