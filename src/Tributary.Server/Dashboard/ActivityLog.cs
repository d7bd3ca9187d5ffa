using Tributary.Payments.Identifiers;
using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>Keeps what members did that matters: money out, keys, the team, lists, settings. Entries are added and never changed.</summary>
internal sealed class ActivityLog(IDatabase database, ObjectIds ids, TimeProvider clock)
{
    private const int DetailMax = 500;

    /// <summary>Writes an entry in the transaction of what was done.</summary>
    public async ValueTask WriteAsync(ISqlTransaction transaction, DashboardScope scope, string action, string subject, string detail, CancellationToken cancellationToken) =>
        await transaction.ExecuteOneAsync(
            "INSERT INTO member_activity (id, store_id, at_us, member_id, action, subject, detail) VALUES (@id, @store, @at, @member, @action, @subject, @detail)",
            new SqlArguments
            {
                { "id", ids.Next("act") },
                { "store", scope.StoreId },
                { "at", clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond },
                { "member", scope.Member.Id },
                { "action", scope.IsLive ? action : action + " (test)" },
                { "subject", subject },
                { "detail", detail.Length <= DetailMax ? detail : detail[..DetailMax] },
            },
            cancellationToken);

    /// <summary>Writes an entry of what was done in a transaction of its own.</summary>
    public async Task WriteAsync(DashboardScope scope, string action, string subject, string detail, CancellationToken cancellationToken) => await database.WriteAsync(
        async (transaction, token) =>
        {
            await WriteAsync(transaction, scope, action, subject, detail, token);
            return true;
        },
        cancellationToken);

    /// <summary>What the members of a store did, the newest first.</summary>
    public static ValueTask<List<Activity>> ListAsync(ISqlTransaction transaction, string storeId, string? after, int limit, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "limit", limit } };
        if (after is not null)
            arguments.Add("after", after);
        return transaction.QueryAsync(
            $"""
            SELECT id, at_us, member_id, action, subject, detail FROM member_activity WHERE store_id = @store
            {(after is null ? "" : "AND (at_us, id) < (SELECT at_us, id FROM member_activity WHERE id = @after AND store_id = @store)")}
            ORDER BY at_us DESC, id DESC LIMIT @limit
            """,
            arguments,
            static row => new Activity(
                row.Text(0), new DateTimeOffset(row.Integer(1) * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero), row.Text(2), row.Text(3), row.Text(4), row.Text(5)),
            cancellationToken);
    }
}
