using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Payments.Outbox;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Customers;

/// <summary>Reads and writes customers within a transaction of the caller; each change is told by an event.</summary>
public sealed class CustomerStore(ObjectIds ids, TimeProvider time)
{
    /// <summary>A customer of a store; null where it has none of that name. One that was deleted is found, and says so.</summary>
    public static ValueTask<Customer?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string id, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(
            "SELECT document FROM customers WHERE id = @id AND store_id = @store AND is_live = @live",
            new SqlArguments { { "id", id }, { "store", storeId }, { "live", isLive } },
            static row => Read(row.Text(0)),
            cancellationToken);

    /// <summary>Customers of a store, the newest first.</summary>
    public static async ValueTask<List<Customer>> ListAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string? email, CreatedSpan created, string? after, string? before, int limit, CancellationToken cancellationToken)
    {
        var list = new ObjectList("customers", storeId, isLive, limit) { Created = created, After = after, Before = before, Condition = "is_deleted = 0" };
        if (email is not null)
            list.Where("email", email);
        var customers = new List<Customer>();
        foreach (var id in await list.ReadIdsAsync(transaction, cancellationToken))
            customers.Add((await FindAsync(transaction, storeId, isLive, id, cancellationToken))!);
        return customers;
    }

    /// <summary>What an event of a customer tells.</summary>
    public static Customer ReadEvent(OutboxEvent told) => Read(told.Document);

    /// <summary>Writes a new customer, of version one.</summary>
    public async ValueTask InsertAsync(ISqlTransaction transaction, Customer customer, CancellationToken cancellationToken)
    {
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO customers (id, store_id, is_live, email, name, phone, created_us, is_deleted, version, document)
            VALUES (@id, @store, @live, @email, @name, @phone, @created, @deleted, @version, @document)
            """,
            Arguments(customer),
            cancellationToken);
        await WriteMetadataAsync(transaction, customer, cancellationToken);
        await TellAsync(transaction, customer, "customer.created", cancellationToken);
    }

    /// <summary>Writes a change; the version is one more than what it was made from.</summary>
    public async ValueTask UpdateAsync(ISqlTransaction transaction, Customer customer, CancellationToken cancellationToken)
    {
        await transaction.ExecuteOneAsync(
            """
            UPDATE customers SET email = @email, name = @name, phone = @phone, is_deleted = @deleted, version = @version, document = @document
            WHERE id = @id AND version = @before
            """,
            Arguments(customer),
            cancellationToken);
        await transaction.ExecuteAsync("DELETE FROM customer_metadata WHERE customer_id = @id", new SqlArguments { { "id", customer.Id } }, cancellationToken);
        await WriteMetadataAsync(transaction, customer, cancellationToken);
        await TellAsync(transaction, customer, customer.DeletedAt is null ? "customer.updated" : "customer.deleted", cancellationToken);
    }

    private static SqlArguments Arguments(Customer customer) => new()
    {
        { "id", customer.Id },
        { "store", customer.StoreId },
        { "live", customer.IsLive },
        { "email", customer.Email },
        { "name", customer.Name },
        { "phone", customer.Phone },
        { "created", customer.CreatedAt.UtcTicks / TimeSpan.TicksPerMicrosecond },
        { "deleted", customer.DeletedAt is not null },
        { "version", customer.Version },
        { "before", customer.Version - 1 },
        { "document", Write(customer) },
    };

    private static async ValueTask WriteMetadataAsync(ISqlTransaction transaction, Customer customer, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in customer.Metadata)
        {
            await transaction.ExecuteOneAsync(
                "INSERT INTO customer_metadata (customer_id, name, value) VALUES (@id, @name, @value)",
                new SqlArguments { { "id", customer.Id }, { "name", name }, { "value", value } },
                cancellationToken);
        }
    }

    private ValueTask TellAsync(ISqlTransaction transaction, Customer customer, string kind, CancellationToken cancellationToken) => OutboxLog.AddAsync(
        transaction,
        new OutboxEvent(0, ids.Next("evt"), customer.StoreId, customer.IsLive, kind, customer.Id, customer.Version, time.GetUtcNow(), Write(customer)),
        0,
        cancellationToken);

    private static string Write(Customer customer) => JsonSerializer.Serialize(new StoredCustomer(StoredCustomer.CurrentFormat, customer), PaymentJson.Default.StoredCustomer);

    private static Customer Read(string document)
    {
        var stored = JsonSerializer.Deserialize(document, PaymentJson.Default.StoredCustomer) ?? throw new InvalidOperationException("An empty document where a customer belongs.");
        return stored.Format == StoredCustomer.CurrentFormat
            ? stored.Customer
            : throw new InvalidOperationException($"A customer of format {stored.Format}: a newer version of the program wrote it.");
    }
}
