using Tributary.Storage.Relational;

namespace Tributary.Server.Checkout;

/// <summary>A database that says when a write of this process is on disk: pages show it at once instead of asking again and again.</summary>
internal sealed class ObservedDatabase(IDatabase inner, WriteSignal signal) : IDatabase
{
    public SqlDialect Dialect => inner.Dialect;

    public Task<Exception> Lost => inner.Lost;

    public async ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var result = await inner.WriteAsync(work, cancellationToken);
        signal.Raise();
        return result;
    }

    public ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        inner.ReadAsync(work, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
