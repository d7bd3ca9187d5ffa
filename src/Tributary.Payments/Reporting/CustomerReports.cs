using Tributary.Payments.Customers;
using Tributary.Payments.Money;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Reporting;

/// <summary>What a team reads of customers.</summary>
public static class CustomerReports
{
    /// <summary>Customers that a text finds by name, address, telephone or identifier, the newest first; without a text all of them.</summary>
    public static async ValueTask<List<Customer>> SearchAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string? text, string? after, int limit, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } };
        var where = "";
        if (text is { Length: > 0 })
        {
            where += " AND (c.id = @text OR LOWER(c.email) LIKE @part ESCAPE '!' OR LOWER(c.name) LIKE @part ESCAPE '!' OR c.phone LIKE @part ESCAPE '!')";
            arguments.Add("text", text);
            arguments.Add("part", $"%{Escape(text.ToLowerInvariant())}%");
        }

        if (after is not null)
        {
            where += " AND (c.created_us, c.id) < (SELECT a.created_us, a.id FROM customers a WHERE a.id = @after AND a.store_id = @store AND a.is_live = @live)";
            arguments.Add("after", after);
        }

        var ids = await transaction.QueryAsync(
            $"SELECT c.id FROM customers c WHERE c.store_id = @store AND c.is_live = @live AND c.is_deleted = 0{where} ORDER BY c.created_us DESC, c.id DESC LIMIT @limit",
            arguments,
            static row => row.Text(0),
            cancellationToken);
        var customers = new List<Customer>(ids.Count);
        foreach (var id in ids)
            customers.Add(await CustomerStore.FindAsync(transaction, storeId, isLive, id, cancellationToken) ?? throw new InvalidOperationException($"{id} is gone."));
        return customers;
    }

    /// <summary>What a customer has paid, by currency: how many payments, and what they were worth at receipt.</summary>
    public static ValueTask<List<(long Payments, CurrencyAmount Amount)>> PaidAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string customerId, CancellationToken cancellationToken) => transaction.QueryAsync(
            """
            SELECT COUNT(*), r.currency, CAST(SUM(r.amount) AS TEXT) FROM reported_payments r JOIN intents i ON i.id = r.intent_id
            WHERE i.customer_id = @id AND i.store_id = @store AND i.is_live = @live AND r.amount > 0 GROUP BY r.currency ORDER BY r.currency
            """,
            new SqlArguments { { "id", customerId }, { "store", storeId }, { "live", isLive } },
            static row => (row.Integer(0), new CurrencyAmount(long.Parse(row.Text(2), System.Globalization.CultureInfo.InvariantCulture), Currency.Of(row.Text(1)))),
            cancellationToken);

    private static string Escape(string text) =>
        text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
