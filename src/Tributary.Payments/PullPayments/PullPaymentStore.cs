using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tributary.Payments.Payouts;
using Tributary.Payments.Refunds;
using Tributary.Storage.Relational;

namespace Tributary.Payments.PullPayments;

/// <summary>Reads and writes pull payments and claims within a transaction of the caller.</summary>
public static class PullPaymentStore
{
    /// <summary>A pull payment by its name; null where there is none.</summary>
    public static ValueTask<PullPayment?> FindAsync(ISqlTransaction transaction, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync("SELECT document FROM pull_payments WHERE id = @id", new SqlArguments { { "id", id } }, static PullPayment? (row) => ReadPull(row), cancellationToken);

    /// <summary>The pull payment of a refund; null where nobody asked for one.</summary>
    public static ValueTask<PullPayment?> FindOfRefundAsync(ISqlTransaction transaction, string refundId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT document FROM pull_payments WHERE refund_id = @id", new SqlArguments { { "id", refundId } }, static PullPayment? (row) => ReadPull(row), cancellationToken);

    /// <summary>Pull payments of a store, the newest first.</summary>
    public static ValueTask<List<PullPayment>> ListAsync(
        ISqlTransaction transaction, string storeId, bool isLive, bool withArchived, int limit, CancellationToken cancellationToken) => transaction.QueryAsync(
            $"SELECT document FROM pull_payments WHERE store_id = @store AND is_live = @live {(withArchived ? "" : "AND is_archived = 0")} ORDER BY created_us DESC, id DESC LIMIT @limit",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } },
            ReadPull,
            cancellationToken);

    /// <summary>Pull payments that give a payment back.</summary>
    public static ValueTask<List<PullPayment>> OfIntentAsync(ISqlTransaction transaction, string intentId, int limit, CancellationToken cancellationToken) => transaction.QueryAsync(
        "SELECT document FROM pull_payments WHERE intent_id = @intent AND is_archived = 0 ORDER BY created_us DESC, id DESC LIMIT @limit",
        new SqlArguments { { "intent", intentId }, { "limit", limit } },
        ReadPull,
        cancellationToken);

    /// <summary>Writes a pull payment; it must still be the one that was decided on.</summary>
    public static ValueTask WriteAsync(ISqlTransaction transaction, PullPayment pull, CancellationToken cancellationToken) => transaction.ExecuteOneAsync(
        pull.Version == 1
            ? """
              INSERT INTO pull_payments (id, store_id, is_live, is_archived, intent_id, refund_id, created_us, version, document)
              VALUES (@id, @store, @live, @archived, @intent, @refund, @created, @version, @document)
              """
            : "UPDATE pull_payments SET is_archived = @archived, version = @version, document = @document WHERE id = @id AND version = @before",
        new SqlArguments
        {
            { "id", pull.Id },
            { "store", pull.StoreId },
            { "live", pull.IsLive },
            { "archived", pull.IsArchived },
            { "intent", pull.IntentId },
            { "refund", pull.RefundId },
            { "created", pull.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
            { "version", pull.Version },
            { "before", pull.Version - 1 },
            { "document", JsonSerializer.Serialize(new StoredPullPayment.Pull(StoredPullPayment.CurrentFormat, pull), PullPaymentJson.Default.Pull) },
        },
        cancellationToken);

    /// <summary>A claim with what carries it out; null where there is none of that name.</summary>
    public static async ValueTask<ClaimView?> FindClaimAsync(ISqlTransaction transaction, string claimId, CancellationToken cancellationToken)
    {
        var claim = await transaction.FirstOrDefaultAsync(
            "SELECT document FROM payout_claims WHERE id = @id", new SqlArguments { { "id", claimId } }, static PayoutClaim? (row) => ReadClaim(row), cancellationToken);
        return claim is null ? null : await ViewAsync(transaction, claim, cancellationToken);
    }

    /// <summary>Claims of a pull payment, the newest first.</summary>
    public static async ValueTask<List<ClaimView>> ClaimsOfAsync(ISqlTransaction transaction, string pullPaymentId, int limit, CancellationToken cancellationToken) => await ViewsAsync(
        transaction,
        await transaction.QueryAsync(
            "SELECT document FROM payout_claims WHERE pull_payment_id = @pull ORDER BY created_us DESC, id DESC LIMIT @limit",
            new SqlArguments { { "pull", pullPaymentId }, { "limit", limit } },
            ReadClaim,
            cancellationToken),
        cancellationToken);

    /// <summary>Claims of a store, the newest first.</summary>
    public static async ValueTask<List<ClaimView>> ListClaimsAsync(ISqlTransaction transaction, string storeId, bool isLive, int limit, CancellationToken cancellationToken) =>
        await ViewsAsync(
            transaction,
            await transaction.QueryAsync(
                "SELECT document FROM payout_claims WHERE store_id = @store AND is_live = @live ORDER BY created_us DESC, id DESC LIMIT @limit",
                new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } },
                ReadClaim,
                cancellationToken),
            cancellationToken);

    /// <summary>Claims of a store that go to a destination.</summary>
    public static async ValueTask<List<ClaimView>> ToAsync(ISqlTransaction transaction, string storeId, string destination, CancellationToken cancellationToken) => await ViewsAsync(
        transaction,
        await transaction.QueryAsync(
            "SELECT document FROM payout_claims WHERE store_id = @store AND destination_sha256 = @destination ORDER BY created_us DESC LIMIT 20",
            new SqlArguments { { "store", storeId }, { "destination", KeyOf(destination) } },
            ReadClaim,
            cancellationToken),
        cancellationToken);

    /// <summary>The names of payouts that carry claims out, of a store's latest claims.</summary>
    public static async ValueTask<HashSet<string>> CarriersAsync(ISqlTransaction transaction, IEnumerable<string> payoutIds, CancellationToken cancellationToken)
    {
        var carriers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var payoutId in payoutIds)
        {
            var count = await transaction.FirstOrDefaultAsync(
                "SELECT COUNT(*) FROM payout_claims WHERE payout_id = @id", new SqlArguments { { "id", payoutId } }, static row => row.Integer(0), cancellationToken);
            if (count > 0)
                carriers.Add(payoutId);
        }

        return carriers;
    }

    /// <summary>Writes a claim; it must still be the one that was decided on.</summary>
    public static ValueTask WriteAsync(ISqlTransaction transaction, PayoutClaim claim, CancellationToken cancellationToken) => transaction.ExecuteOneAsync(
        claim.Version == 1
            ? """
              INSERT INTO payout_claims (id, store_id, is_live, pull_payment_id, payout_id, destination_sha256, status, created_us, version, document)
              VALUES (@id, @store, @live, @pull, @payout, @destination, @status, @created, @version, @document)
              """
            : "UPDATE payout_claims SET payout_id = @payout, status = @status, version = @version, document = @document WHERE id = @id AND version = @before",
        new SqlArguments
        {
            { "id", claim.Id },
            { "store", claim.StoreId },
            { "live", claim.IsLive },
            { "pull", claim.PullPaymentId },
            { "payout", claim.PayoutId },
            { "destination", KeyOf(claim.Destination) },
            { "status", claim.Status.ToString() },
            { "created", claim.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
            { "version", claim.Version },
            { "before", claim.Version - 1 },
            { "document", JsonSerializer.Serialize(new StoredPullPayment.Claim(StoredPullPayment.CurrentFormat, claim), PullPaymentJson.Default.Claim) },
        },
        cancellationToken);

    /// <summary>A claim with what carries it out.</summary>
    public static async ValueTask<ClaimView> ViewAsync(ISqlTransaction transaction, PayoutClaim claim, CancellationToken cancellationToken)
    {
        var payout = claim.PayoutId is null ? null : await PayoutStore.FindAsync(transaction, claim.PayoutId, cancellationToken);
        var refund = claim.RefundId is null ? null : (await RefundStore.FindFileAsync(transaction, claim.RefundId, cancellationToken))?.FindRefund(claim.RefundId);
        return new ClaimView(claim, payout, refund?.Transfers.FirstOrDefault(transfer => string.Equals(transfer.Id, claim.TransferId, StringComparison.Ordinal)));
    }

    // Invoices are longer than what an index of PostgreSQL takes.
    private static string KeyOf(string destination) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(destination)));

    private static async ValueTask<List<ClaimView>> ViewsAsync(ISqlTransaction transaction, List<PayoutClaim> claims, CancellationToken cancellationToken)
    {
        var views = new List<ClaimView>(claims.Count);
        foreach (var claim in claims)
            views.Add(await ViewAsync(transaction, claim, cancellationToken));
        return views;
    }

    private static PullPayment ReadPull(SqlRow row)
    {
        var stored = JsonSerializer.Deserialize(row.Text(0), PullPaymentJson.Default.Pull) ?? throw new InvalidOperationException("An empty document where a pull payment belongs.");
        return stored.Format == StoredPullPayment.CurrentFormat ? stored.Value : throw Newer("pull payment", stored.Format);
    }

    private static PayoutClaim ReadClaim(SqlRow row)
    {
        var stored = JsonSerializer.Deserialize(row.Text(0), PullPaymentJson.Default.Claim) ?? throw new InvalidOperationException("An empty document where a claim belongs.");
        return stored.Format == StoredPullPayment.CurrentFormat ? stored.Value : throw Newer("claim", stored.Format);
    }

    private static InvalidOperationException Newer(string what, int format) => new($"A {what} of format {format}: a newer version of the program wrote it.");
}
