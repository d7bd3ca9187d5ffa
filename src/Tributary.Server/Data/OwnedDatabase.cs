using Tributary.Storage.Relational;

namespace Tributary.Server.Data;

/// <summary>The server's database, which gives the folder back when it is closed.</summary>
internal sealed class OwnedDatabase(IDatabase inner, ServerFolder folder) : IDatabase
{
    public SqlDialect Dialect => inner.Dialect;

    public Task<Exception> Lost => inner.Lost;

    public ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) => inner.WriteAsync(work, cancellationToken);

    public ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) => inner.ReadAsync(work, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        folder.Dispose();
    }
}
