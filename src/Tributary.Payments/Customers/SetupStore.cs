using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Outbox;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Customers;

/// <summary>Reads and writes setup intents within a transaction of the caller.</summary>
public sealed class SetupStore(ObjectIds ids, TimeProvider time)
{
    /// <summary>A setup intent of a store; null where it has none of that name.</summary>
    public static ValueTask<SetupIntent?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT document FROM setup_intents WHERE id = @id AND store_id = @store AND is_live = @live",
            new SqlArguments { { "id", id }, { "store", storeId }, { "live", isLive } },
            static row => Read(row.Text(0)),
            cancellationToken);

    /// <summary>Setup intents of a store, the newest first.</summary>
    public static async ValueTask<List<SetupIntent>> ListAsync(ISqlTransaction transaction, SetupQuery query, CancellationToken cancellationToken)
    {
        var list = new ObjectList("setup_intents", query.StoreId, query.IsLive, query.Limit) { Created = query.Created, After = query.After, Before = query.Before };
        if (query.CustomerId is not null)
            list.Where("customer_id", query.CustomerId);
        if (query.MethodId is not null)
            list.Where("method_id", query.MethodId);
        var setups = new List<SetupIntent>();
        foreach (var id in await list.ReadIdsAsync(transaction, cancellationToken))
            setups.Add((await FindAsync(transaction, query.StoreId, query.IsLive, id, cancellationToken))!);
        return setups;
    }

    /// <summary>What an event of a setup intent tells.</summary>
    public static SetupIntent ReadEvent(OutboxEvent told) => Read(told.Document);

    /// <summary>Writes a setup intent, and tells of it where a kind is given.</summary>
    public async ValueTask WriteAsync(ISqlTransaction transaction, SetupIntent setup, string? kind, CancellationToken cancellationToken)
    {
        var document = JsonSerializer.Serialize(new StoredSetup(StoredSetup.CurrentFormat, setup), PaymentJson.Default.StoredSetup);
        await transaction.ExecuteOneAsync(
            setup.Version == 1
                ? """
                  INSERT INTO setup_intents (id, store_id, is_live, customer_id, method_id, created_us, version, document)
                  VALUES (@id, @store, @live, @customer, @method, @created, @version, @document)
                  """
                : "UPDATE setup_intents SET customer_id = @customer, method_id = @method, version = @version, document = @document WHERE id = @id AND version = @before",
            new SqlArguments
            {
                { "id", setup.Id },
                { "store", setup.StoreId },
                { "live", setup.IsLive },
                { "customer", setup.CustomerId },
                { "method", setup.MethodId },
                { "created", setup.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
                { "version", setup.Version },
                { "before", setup.Version - 1 },
                { "document", document },
            },
            cancellationToken);
        if (kind is not null)
        {
            await OutboxLog.AddAsync(
                transaction, new OutboxEvent(0, ids.Next("evt"), setup.StoreId, setup.IsLive, kind, setup.Id, setup.Version, time.GetUtcNow(), document), 0, cancellationToken);
        }
    }

    private static SetupIntent Read(string document)
    {
        var stored = JsonSerializer.Deserialize(document, PaymentJson.Default.StoredSetup) ?? throw new InvalidOperationException("An empty document where a setup intent belongs.");
        return stored.Format == StoredSetup.CurrentFormat
            ? stored.Setup
            : throw new InvalidOperationException($"A setup intent of format {stored.Format}: a newer version of the program wrote it.");
    }
}
