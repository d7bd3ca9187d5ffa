using System.Text.Json;
using Tributary.Payments.Identifiers;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Stores;

/// <summary>Stores with their settings. A store that nobody has set up has the settings of a fresh one.</summary>
public sealed class StoreRecords(ObjectIds ids, TimeProvider time)
{
    private const string Columns = """
        SELECT s.id, s.name, s.created_at, g.document, g.is_archived FROM stores s LEFT JOIN store_settings g ON g.store_id = s.id
        """;

    /// <summary>A store; null where there is none, or it was deleted.</summary>
    public static ValueTask<StoreRecord?> FindAsync(ISqlTransaction transaction, string storeId, CancellationToken cancellationToken) =>
        transaction.FirstOrDefaultAsync(Columns + " WHERE s.id = @id AND g.deleted_at IS NULL", new SqlArguments { { "id", storeId } }, Read, cancellationToken);

    /// <summary>Makes a store.</summary>
    public async ValueTask<StoreRecord> CreateAsync(ISqlTransaction transaction, string name, StoreSettings settings, CancellationToken cancellationToken)
    {
        var store = new StoreRecord(ids.Next("store"), name, settings, false, time.GetUtcNow());
        await transaction.ExecuteOneAsync(
            "INSERT INTO stores (id, name, created_at) VALUES (@id, @name, @at)",
            new SqlArguments { { "id", store.Id }, { "name", name }, { "at", store.CreatedAt } },
            cancellationToken);
        await UpdateAsync(transaction, store, cancellationToken);
        return store;
    }

    /// <summary>Writes what a store chose.</summary>
    public static async ValueTask UpdateAsync(ISqlTransaction transaction, StoreRecord store, CancellationToken cancellationToken)
    {
        await transaction.ExecuteOneAsync("UPDATE stores SET name = @name WHERE id = @id", new SqlArguments { { "name", store.Name }, { "id", store.Id } }, cancellationToken);
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO store_settings (store_id, is_archived, document) VALUES (@id, @archived, @document)
            ON CONFLICT (store_id) DO UPDATE SET is_archived = @archived, document = @document
            """,
            new SqlArguments
            {
                { "id", store.Id },
                { "archived", store.IsArchived },
                { "document", JsonSerializer.Serialize(new StoredSettings(StoredSettings.CurrentFormat, store.Settings), StoresJson.Default.StoredSettings) },
            },
            cancellationToken);
    }

    /// <summary>Takes a store away; its payments and ledger stay, since what happened is never unwritten.</summary>
    public async ValueTask DeleteAsync(ISqlTransaction transaction, StoreRecord store, CancellationToken cancellationToken)
    {
        await UpdateAsync(transaction, store, cancellationToken);
        await transaction.ExecuteOneAsync(
            "UPDATE store_settings SET deleted_at = @at WHERE store_id = @id", new SqlArguments { { "at", time.GetUtcNow() }, { "id", store.Id } }, cancellationToken);
    }

    private static StoreRecord Read(SqlRow row)
    {
        var settings = new StoreSettings();
        if (row.TextOrNull(3) is { } document)
        {
            var stored = JsonSerializer.Deserialize(document, StoresJson.Default.StoredSettings) ?? throw new InvalidOperationException("An empty document where a store's settings belong.");
            if (stored.Format != StoredSettings.CurrentFormat)
                throw new InvalidOperationException($"A store's settings of format {stored.Format}: a newer version of the program wrote them.");
            settings = stored.Value;
        }

        return new StoreRecord(row.Text(0), row.Text(1), settings, !row.IsNull(4) && row.Flag(4), row.Time(2));
    }
}
