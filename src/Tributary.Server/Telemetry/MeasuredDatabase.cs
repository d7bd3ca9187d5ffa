using System.Diagnostics;
using Tributary.Storage.Relational;

namespace Tributary.Server.Telemetry;

/// <summary>A database whose transactions are measured, each with a span within the request that asked for it.</summary>
internal sealed class MeasuredDatabase(IDatabase inner, ServerMeters meters) : IDatabase
{
    public SqlDialect Dialect => inner.Dialect;

    public Task<Exception> Lost => inner.Lost;

    public ValueTask<T> WriteAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        MeasureAsync(inner.WriteAsync(work, cancellationToken), isWrite: true);

    public ValueTask<T> ReadAsync<T>(Func<ISqlTransaction, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        MeasureAsync(inner.ReadAsync(work, cancellationToken), isWrite: false);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private async ValueTask<T> MeasureAsync<T>(ValueTask<T> running, bool isWrite)
    {
        var began = Stopwatch.GetTimestamp();

        // The background's own transactions would be spans without a parent, and many.
        using var span = Activity.Current is null ? null : meters.Spans.StartActivity(isWrite ? "write" : "read", ActivityKind.Client);
        span?.SetTag("db.system.name", inner.Dialect == SqlDialect.Sqlite ? "sqlite" : "postgresql");
        var hasFailed = true;
        try
        {
            var result = await running;
            hasFailed = false;
            return result;
        }
        finally
        {
            if (hasFailed)
                span?.SetStatus(ActivityStatusCode.Error);
            meters.Transaction(Stopwatch.GetElapsedTime(began), isWrite, hasFailed);
        }
    }
}
