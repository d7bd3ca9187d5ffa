using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Outbox;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Customers;

/// <summary>Reads and writes saved payment methods within a transaction of the caller.</summary>
public sealed class MethodStore(ObjectIds ids, TimeProvider time)
{
    /// <summary>A method of a store; null where it has none of that name.</summary>
    public static ValueTask<SavedMethod?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT document FROM payment_methods WHERE id = @id AND store_id = @store AND is_live = @live",
            new SqlArguments { { "id", id }, { "store", storeId }, { "live", isLive } },
            static row => Read(row.Text(0)),
            cancellationToken);

    /// <summary>What a customer has, the newest first.</summary>
    public static async ValueTask<List<SavedMethod>> ListAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string? customerId, string? type, string? after, string? before, int limit, CancellationToken cancellationToken)
    {
        var list = new ObjectList("payment_methods", storeId, isLive, limit) { After = after, Before = before, Condition = "is_detached = 0 AND customer_id IS NOT NULL" };
        if (customerId is not null)
            list.Where("customer_id", customerId);
        if (type is not null)
            list.Where("type", type);
        var methods = new List<SavedMethod>();
        foreach (var id in await list.ReadIdsAsync(transaction, cancellationToken))
            methods.Add((await FindAsync(transaction, storeId, isLive, id, cancellationToken))!);
        return methods;
    }

    /// <summary>What an event of a method tells.</summary>
    public static SavedMethod ReadEvent(OutboxEvent told) => Read(told.Document);

    /// <summary>Writes a method, and tells of it where a kind is given.</summary>
    public async ValueTask WriteAsync(ISqlTransaction transaction, SavedMethod method, string? kind, CancellationToken cancellationToken)
    {
        var document = JsonSerializer.Serialize(new StoredMethod(StoredMethod.CurrentFormat, method), PaymentJson.Default.StoredMethod);
        await transaction.ExecuteOneAsync(
            method.Version == 1
                ? """
                  INSERT INTO payment_methods (id, store_id, is_live, customer_id, type, created_us, is_detached, version, document)
                  VALUES (@id, @store, @live, @customer, @type, @created, @detached, @version, @document)
                  """
                : "UPDATE payment_methods SET customer_id = @customer, is_detached = @detached, version = @version, document = @document WHERE id = @id AND version = @before",
            new SqlArguments
            {
                { "id", method.Id },
                { "store", method.StoreId },
                { "live", method.IsLive },
                { "customer", method.CustomerId },
                { "type", method.Rail.ToString() },
                { "created", method.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
                { "detached", method.IsDetached },
                { "version", method.Version },
                { "before", method.Version - 1 },
                { "document", document },
            },
            cancellationToken);
        if (kind is not null)
        {
            await OutboxLog.AddAsync(
                transaction, new OutboxEvent(0, ids.Next("evt"), method.StoreId, method.IsLive, kind, method.Id, method.Version, time.GetUtcNow(), document), 0, cancellationToken);
        }
    }

    private static SavedMethod Read(string document)
    {
        var stored = JsonSerializer.Deserialize(document, PaymentJson.Default.StoredMethod) ?? throw new InvalidOperationException("An empty document where a payment method belongs.");
        return stored.Format == StoredMethod.CurrentFormat
            ? stored.Method
            : throw new InvalidOperationException($"A payment method of format {stored.Format}: a newer version of the program wrote it.");
    }
}
