using Tributary.Payments.Ledger;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Balances;

/// <summary>
/// A store's balance transactions: the ledger's entries that touch what it may spend, or what it paid for the network. They add up to the balance.
/// </summary>
public static class BalanceTransactions
{
    private const string Prefix = "txn_";
    private const string Entry = "lt_";
    private const int OfSourceMax = 20;
    private const string Columns = "SELECT t.id, t.reason, t.reference, t.at FROM ledger_transactions t";
    private const string Touches = "EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transaction_id = t.id AND p.account IN ('MerchantAvailable', 'NetworkFees'))";

    /// <summary>Entries of a store, the newest first.</summary>
    public static async ValueTask<List<BalanceTransaction>> ListAsync(ISqlTransaction transaction, BalanceQuery query, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", query.StoreId }, { "live", query.IsLive }, { "limit", query.Limit } };
        query.Created.AddTo(arguments, TimeSpan.TicksPerMillisecond);
        var isBackwards = query.Before is not null;
        if (query.Source is not null)
            arguments.Add("source", query.Source);
        if (query.Asset is { } asset)
            arguments.Add("asset", asset.Code);
        if ((query.After ?? query.Before) is { } cursor)
            arguments.Add("cursor", EntryOf(cursor));

        // Entries are named by the time at which they were written, so their names are their order.
        var order = isBackwards ? "ASC" : "DESC";
        var found = await transaction.QueryAsync(
            $"""
            {Columns} WHERE t.store_id = @store AND t.is_live = @live AND {Touches}
            {query.Created.Condition("t.at")}
            {(query.Source is null ? "" : "AND t.reference = @source")}
            {(query.Asset is null ? "" : "AND EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transaction_id = t.id AND p.asset = @asset AND p.account IN ('MerchantAvailable', 'NetworkFees'))")}
            {(query.Kind is { } kind ? "AND " + ConditionOf(kind) : "")}
            {((query.After ?? query.Before) is null ? "" : $"AND t.id {(isBackwards ? ">" : "<")} @cursor")}
            ORDER BY t.id {order} LIMIT @limit
            """,
            arguments,
            ReadEntry,
            cancellationToken);
        if (isBackwards)
            found.Reverse();
        var list = new List<BalanceTransaction>(found.Count);
        foreach (var entry in found)
            list.Add(await ReadAsync(transaction, entry, cancellationToken));
        return list;
    }

    /// <summary>What objects of a store did to its balance, the oldest first; of those that did nothing, nothing.</summary>
    public static async ValueTask<List<SourceEntry>> OfSourcesAsync(
        ISqlTransaction transaction, string storeId, bool isLive, IReadOnlyCollection<string> sources, CancellationToken cancellationToken)
    {
        var list = new List<SourceEntry>();
        foreach (var source in sources)
        {
            var found = await transaction.QueryAsync(
                $"{Columns} WHERE t.reference = @source AND t.store_id = @store AND t.is_live = @live AND {Touches} ORDER BY t.id LIMIT {OfSourceMax}",
                new SqlArguments { { "source", source }, { "store", storeId }, { "live", isLive } },
                ReadEntry,
                cancellationToken);
            foreach (var entry in found)
                list.Add(new SourceEntry(source, await ReadAsync(transaction, entry, cancellationToken)));
        }

        return list;
    }

    /// <summary>An entry by its name; null where the store has none of it.</summary>
    public static async ValueTask<BalanceTransaction?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string id, CancellationToken cancellationToken)
    {
        var found = await transaction.QueryAsync(
            $"{Columns} WHERE t.id = @id AND t.store_id = @store AND t.is_live = @live AND {Touches}",
            new SqlArguments { { "id", EntryOf(id) }, { "store", storeId }, { "live", isLive } },
            ReadEntry,
            cancellationToken);
        return found.Count == 0 ? null : await ReadAsync(transaction, found[0], cancellationToken);
    }

    // What the store was credited with by an entry is negative: the account is the merchant's claim.
    private static string ConditionOf(BalanceKind kind)
    {
        const string Sum = "(SELECT COALESCE(SUM(p.amount), 0) FROM ledger_postings p WHERE p.transaction_id = t.id AND p.account = 'MerchantAvailable')";
        return kind switch
        {
            BalanceKind.Charge => $"t.reference LIKE 'pi!_%' ESCAPE '!' AND {Sum} <= 0",
            BalanceKind.Refund => $"t.reference LIKE 're!_%' ESCAPE '!' AND {Sum} >= 0",
            BalanceKind.RefundFailure => $"t.reference LIKE 're!_%' ESCAPE '!' AND {Sum} < 0",
            BalanceKind.Payout => $"t.reference LIKE 'po!_%' ESCAPE '!' AND {Sum} >= 0",
            BalanceKind.PayoutFailure => $"t.reference LIKE 'po!_%' ESCAPE '!' AND {Sum} < 0",
            BalanceKind.Adjustment =>
                $"(t.reference LIKE 'pi!_%' ESCAPE '!' AND {Sum} > 0 OR NOT (t.reference LIKE 'pi!_%' ESCAPE '!' OR t.reference LIKE 're!_%' ESCAPE '!' OR t.reference LIKE 'po!_%' ESCAPE '!'))",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static (string Id, string Reason, string Reference, DateTimeOffset At) ReadEntry(SqlRow row) => (row.Text(0), row.Text(1), row.Text(2), row.Time(3));

    private static async ValueTask<BalanceTransaction> ReadAsync(
        ISqlTransaction transaction, (string Id, string Reason, string Reference, DateTimeOffset At) entry, CancellationToken cancellationToken)
    {
        var lines = await transaction.QueryAsync(
            "SELECT account, asset, amount FROM ledger_postings WHERE transaction_id = @id AND account IN ('MerchantAvailable', 'NetworkFees')",
            new SqlArguments { { "id", entry.Id } },
            static row => (IsFee: row.Text(0) is nameof(AccountKind.NetworkFees), Asset: Asset.Parse(row.Text(1)), Amount: row.Integer(2)),
            cancellationToken);
        var asset = lines[0].Asset;
        var amount = lines.Where(line => !line.IsFee && line.Asset == asset).Sum(static line => -line.Amount);
        var fee = lines.Where(line => line.IsFee && line.Asset == asset).Sum(static line => line.Amount);
        return new BalanceTransaction(Prefix + entry.Id[Entry.Length..], entry.Reason, entry.Reference, entry.At, asset, amount, fee);
    }

    private static string EntryOf(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) ? Entry + id[Prefix.Length..] : id;
}
