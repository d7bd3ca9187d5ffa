using Tributary.Storage.Relational;

namespace Tributary.Server.Dashboard;

/// <summary>What waits for somebody of the team.</summary>
/// <param name="Reviews">Payments to look at.</param>
/// <param name="Disputes">Disputes to answer.</param>
/// <param name="Refunds">Refunds to approve.</param>
/// <param name="Payouts">Payouts to approve.</param>
public sealed record WaitingWork(long Reviews, long Disputes, long Refunds, long Payouts)
{
    public bool IsAny => Reviews + Disputes + Refunds + Payouts > 0;

    internal static async ValueTask<WaitingWork> ReadAsync(ISqlTransaction transaction, string storeId, bool isLive, CancellationToken cancellationToken)
    {
        return new WaitingWork(
            await CountAsync("reviews", "closed_us IS NULL"),
            await CountAsync("disputes", "status = 'needs_response'"),
            await CountAsync("refunds", "status = 'awaiting_approval'"),
            await CountAsync("payouts", "status = 'awaiting_approval'"));

        ValueTask<long> CountAsync(string table, string condition) => transaction.FirstOrDefaultAsync(
            $"SELECT COUNT(*) FROM {table} WHERE store_id = @store AND is_live = @live AND {condition}",
            new SqlArguments { { "store", storeId }, { "live", isLive } },
            static row => row.Integer(0),
            cancellationToken);
    }
}
