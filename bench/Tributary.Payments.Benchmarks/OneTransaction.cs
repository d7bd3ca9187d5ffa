using Tributary.Storage.Relational;

namespace Tributary.Payments.Benchmarks;

/// <summary>A transaction that is open already, for code that wants one each: thousands of payments are filled in with one flush.</summary>
internal sealed class OneTransaction(ISqlTransaction transaction) : IDatabase
{
    public SqlDialect Dialect => transaction.Dialect;

    public Task<Exception> Lost { get; } = new TaskCompletionSource<Exception>().Task;

    public ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) => work(transaction, cancellationToken);

    public ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) => work(transaction, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
