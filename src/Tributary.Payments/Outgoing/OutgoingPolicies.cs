using System.Text.Json;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Outgoing;

/// <summary>The stores' policies, and since when they know which destination.</summary>
public static class OutgoingPolicies
{
    /// <summary>A store's policy, or the default.</summary>
    public static async ValueTask<OutgoingPolicy> ReadAsync(ISqlTransaction transaction, string storeId, bool isLive, CancellationToken cancellationToken)
    {
        var text = await transaction.FirstOrDefaultAsync(
            "SELECT document FROM outgoing_policies WHERE store_id = @store AND is_live = @live",
            new SqlArguments { { "store", storeId }, { "live", isLive } },
            static row => row.Text(0),
            cancellationToken);
        if (text is null)
            return isLive ? OutgoingPolicy.Live : OutgoingPolicy.Test;
        return JsonSerializer.Deserialize(text, PaymentJson.Default.OutgoingPolicy) ?? throw new InvalidOperationException("An empty policy.");
    }

    /// <summary>Sets a store's policy. A destination that the store has not known begins its time now.</summary>
    public static async ValueTask WriteAsync(ISqlTransaction transaction, string storeId, bool isLive, OutgoingPolicy policy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await transaction.ExecuteOneAsync(
            """
            INSERT INTO outgoing_policies (store_id, is_live, document) VALUES (@store, @live, @document)
            ON CONFLICT (store_id, is_live) DO UPDATE SET document = @document
            """,
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "document", JsonSerializer.Serialize(policy, PaymentJson.Default.OutgoingPolicy) } },
            cancellationToken);
        if (policy.Destination is { } destination)
            await KnownSinceAsync(transaction, storeId, isLive, destination, now, cancellationToken);
    }

    /// <summary>Stores with a cap on their hot wallet.</summary>
    public static async ValueTask<List<(string StoreId, bool IsLive, OutgoingPolicy Policy)>> ReadCappedAsync(ISqlTransaction transaction, CancellationToken cancellationToken)
    {
        var all = await transaction.QueryAsync(
            "SELECT store_id, is_live, document FROM outgoing_policies ORDER BY store_id, is_live LIMIT 10000",
            SqlArguments.None,
            static row => (StoreId: row.Text(0), IsLive: row.Flag(1), Policy: JsonSerializer.Deserialize(row.Text(2), PaymentJson.Default.OutgoingPolicy)!),
            cancellationToken);
        return all.FindAll(static store => store.Policy is { HotWalletCap: not null, Destination: not null });
    }

    /// <summary>Since when a store knows a destination; one that it does not know is known from now on.</summary>
    public static async ValueTask<DateTimeOffset> KnownSinceAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string destination, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "destination", destination }, { "now", now } };
        await transaction.ExecuteAsync(
            "INSERT INTO payout_destinations (store_id, is_live, destination, known_since) VALUES (@store, @live, @destination, @now) ON CONFLICT DO NOTHING", arguments, cancellationToken);
        return await transaction.FirstOrDefaultAsync(
            "SELECT known_since FROM payout_destinations WHERE store_id = @store AND is_live = @live AND destination = @destination",
            new SqlArguments { { "store", storeId }, { "live", isLive }, { "destination", destination } },
            static row => row.Time(0),
            cancellationToken);
    }
}
