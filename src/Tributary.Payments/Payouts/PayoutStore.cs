using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Outbox;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Payouts;

/// <summary>Reads and writes payouts within a transaction of the caller.</summary>
public sealed class PayoutStore(ObjectIds ids, TimeProvider time)
{
    /// <summary>A payout by its name; null where there is none.</summary>
    public static ValueTask<Payout?> FindAsync(ISqlTransaction transaction, string payoutId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync("SELECT document FROM payouts WHERE id = @id", new SqlArguments { { "id", payoutId } }, static row => Read(row.Text(0)), cancellationToken);

    /// <summary>Payouts of a store, the newest first.</summary>
    public static async ValueTask<List<Payout>> ListAsync(ISqlTransaction transaction, PayoutQuery query, CancellationToken cancellationToken)
    {
        var list = new ObjectList("payouts", query.StoreId, query.IsLive, query.Limit) { Created = query.Created, After = query.After, Before = query.Before };
        if (query.Status is not null)
            list.Where("status", query.Status);
        var payouts = new List<Payout>();
        foreach (var id in await list.ReadIdsAsync(transaction, cancellationToken))
            payouts.Add((await FindAsync(transaction, id, cancellationToken))!);
        return payouts;
    }

    /// <summary>Is there an automatic payout on its way?</summary>
    public static async ValueTask<bool> IsSweepingAsync(ISqlTransaction transaction, string storeId, bool isLive, CancellationToken cancellationToken) =>
        await transaction.FirstOrDefaultAsync(
            "SELECT COUNT(*) FROM payouts WHERE store_id = @store AND is_live = @live AND is_automatic = 1 AND status IN ('pending', 'in_transit')",
            new SqlArguments { { "store", storeId }, { "live", isLive } },
            static row => row.Integer(0),
            cancellationToken) > 0;

    /// <summary>What an event of a payout tells.</summary>
    public static Payout ReadEvent(OutboxEvent told) => Read(told.Document);

    /// <summary>Writes what an input changed. The payout must still be the one that was decided on.</summary>
    public async ValueTask WriteAsync(ISqlTransaction transaction, PayoutChange change, CancellationToken cancellationToken)
    {
        if (change.Event is null)
            return;
        var payout = change.Payout;
        var document = JsonSerializer.Serialize(new StoredPayout(StoredPayout.CurrentFormat, payout), PaymentJson.Default.StoredPayout);
        var arguments = new SqlArguments
        {
            { "id", payout.Id },
            { "store", payout.StoreId },
            { "live", payout.IsLive },
            { "status", PayoutWords.NameOf(payout.Status) },
            { "automatic", payout.IsAutomatic },
            { "created", payout.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
            { "version", payout.Version },
            { "before", payout.Version - 1 },
            { "document", document },
        };
        await transaction.ExecuteOneAsync(
            payout.Version == 1
                ? """
                  INSERT INTO payouts (id, store_id, is_live, status, is_automatic, created_us, version, document)
                  VALUES (@id, @store, @live, @status, @automatic, @created, @version, @document)
                  """
                : "UPDATE payouts SET status = @status, version = @version, document = @document WHERE id = @id AND version = @before",
            arguments,
            cancellationToken);
        if (change.Ledger is not null)
            await LedgerStore.PostAsync(transaction, payout.StoreId, payout.IsLive, change.Ledger, time.GetUtcNow(), cancellationToken);
        await OutboxLog.AddAsync(
            transaction, new OutboxEvent(0, ids.Next("evt"), payout.StoreId, payout.IsLive, change.Event, payout.Id, payout.Version, time.GetUtcNow(), document), 0, cancellationToken);
    }

    private static Payout Read(string document)
    {
        var stored = JsonSerializer.Deserialize(document, PaymentJson.Default.StoredPayout) ?? throw new InvalidOperationException("An empty document where a payout belongs.");
        return stored.Format == StoredPayout.CurrentFormat
            ? stored.Payout
            : throw new InvalidOperationException($"A payout of format {stored.Format}: a newer version of the program wrote it.");
    }
}
