using Tributary.Storage.Relational;

namespace Tributary.Payments.Access;

/// <summary>The keys of a store, for its team.</summary>
public static class ApiKeyLines
{
    /// <summary>Keys that work, the newest first.</summary>
    public static ValueTask<List<ApiKeyLine>> ListAsync(ISqlTransaction transaction, string storeId, bool isLive, int limit, CancellationToken cancellationToken) =>
        transaction.QueryAsync(
            "SELECT id, created_at FROM api_keys WHERE store_id = @store AND is_live = @live AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT @limit",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } },
            static row => new ApiKeyLine(row.Text(0), row.Time(1)),
            cancellationToken);
}
