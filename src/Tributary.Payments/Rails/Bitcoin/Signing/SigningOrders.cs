using Tributary.Payments.Outgoing;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Rails.Bitcoin.Signing;

/// <summary>Reads and writes the transactions that are signed elsewhere.</summary>
internal static class SigningOrders
{
    private const string Columns = "s.transfer_id, s.psbt, s.lease_id, s.fee, s.created_at, s.signed, s.is_open";

    public static ValueTask<SigningOrder?> FindAsync(ISqlTransaction transaction, string transferId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync($"SELECT {Columns} FROM signing_orders s WHERE s.transfer_id = @id", new SqlArguments { { "id", transferId } }, Read, cancellationToken);

    /// <summary>What waits for a signature, the oldest first.</summary>
    public static ValueTask<List<SigningView>> ListAsync(ISqlTransaction transaction, int limit, CancellationToken cancellationToken) => transaction.QueryAsync(
        $"SELECT {Columns}, o.subject_id, o.destination, o.amount FROM signing_orders s JOIN outgoing_transfers o ON o.id = s.transfer_id WHERE s.is_open = 1 ORDER BY s.created_at, s.transfer_id LIMIT @limit",
        new SqlArguments { { "limit", limit } },
        static row => new SigningView(Read(row), row.Text(7), row.Text(8), row.Integer(9)),
        cancellationToken);

    /// <summary>Is it a transfer of a refund? A payout is paid by the server's own wallet.</summary>
    public static async ValueTask<bool> IsRefundAsync(ISqlTransaction transaction, string transferId, CancellationToken cancellationToken) =>
        await transaction.FirstOrDefaultAsync(
            "SELECT kind FROM outgoing_transfers WHERE id = @id", new SqlArguments { { "id", transferId } }, static row => row.Text(0), cancellationToken) is nameof(OutgoingKind.Refund);

    public static ValueTask WriteAsync(ISqlTransaction transaction, SigningOrder order, CancellationToken cancellationToken) => transaction.ExecuteOneAsync(
        """
        INSERT INTO signing_orders (transfer_id, psbt, lease_id, fee, signed, is_open, created_at) VALUES (@id, @psbt, @lease, @fee, @signed, @open, @created)
        ON CONFLICT (transfer_id) DO UPDATE SET signed = @signed, is_open = @open
        """,
        new SqlArguments
        {
            { "id", order.TransferId },
            { "psbt", order.Psbt },
            { "lease", order.LeaseId },
            { "fee", order.Fee },
            { "signed", order.Signed },
            { "open", order.IsOpen },
            { "created", order.CreatedAt },
        },
        cancellationToken);

    /// <summary>Lets the rail be asked about a transfer at once.</summary>
    public static ValueTask<int> HurryAsync(ISqlTransaction transaction, string transferId, DateTimeOffset now, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("UPDATE outgoing_transfers SET due_at = @now WHERE id = @id AND due_at > @now", new SqlArguments { { "now", now }, { "id", transferId } }, cancellationToken);

    private static SigningOrder Read(SqlRow row) =>
        new(row.Text(0), row.Text(1), row.Text(2), row.Integer(3), row.Time(4)) { Signed = row.BytesOrNull(5), IsOpen = row.Integer(6) == 1 };
}
