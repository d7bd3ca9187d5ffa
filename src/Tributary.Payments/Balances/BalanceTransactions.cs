using Tributary.Payments.Ledger;
using Tributary.Payments.Storage;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Balances;

/// <summary>
/// A store's balance transactions: the ledger's entries that touch what it may spend, or what it paid for the network. They add up to the balance.
/// </summary>
public static class BalanceTransactions
{
    private const string Prefix = "txn_";
    private const string Entry = "lt_";

    /// <summary>Entries of a store, the newest first.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="storeId">The store.</param>
    /// <param name="isLive">Its real or its test money.</param>
    /// <param name="source">Only those of an object; null for all.</param>
    /// <param name="created">When they were posted.</param>
    /// <param name="after">Those that come after this one in the list.</param>
    /// <param name="before">Those that come before this one, nearest to it.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public static async ValueTask<List<BalanceTransaction>> ListAsync(
        ISqlTransaction transaction, string storeId, bool isLive, string? source, CreatedSpan created, string? after, string? before, int limit, CancellationToken cancellationToken)
    {
        var arguments = new SqlArguments { { "store", storeId }, { "live", isLive }, { "limit", limit } };
        created.AddTo(arguments, TimeSpan.TicksPerMillisecond);
        if (source is not null)
            arguments.Add("source", source);
        if ((after ?? before) is { } cursor)
            arguments.Add("cursor", EntryOf(cursor));
        var order = before is null ? "DESC" : "ASC";

        // Entries are named by the time at which they were written, so their names are their order.
        var found = await transaction.QueryAsync(
            $"""
            SELECT t.id, t.reason, t.reference, t.at FROM ledger_transactions t WHERE t.store_id = @store AND t.is_live = @live
            AND EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transaction_id = t.id AND p.account IN ('MerchantAvailable', 'NetworkFees'))
            {created.Condition("t.at")}
            {(source is null ? "" : "AND t.reference = @source")}
            {((after ?? before) is null ? "" : $"AND t.id {(before is null ? "<" : ">")} @cursor")}
            ORDER BY t.id {order} LIMIT @limit
            """,
            arguments,
            static row => (Id: row.Text(0), Reason: row.Text(1), Reference: row.Text(2), At: row.Time(3)),
            cancellationToken);
        if (before is not null)
            found.Reverse();
        var list = new List<BalanceTransaction>(found.Count);
        foreach (var entry in found)
            list.Add(await ReadAsync(transaction, entry.Id, entry.Reason, entry.Reference, entry.At, cancellationToken));
        return list;
    }

    /// <summary>An entry by its name; null where the store has none of it.</summary>
    public static async ValueTask<BalanceTransaction?> FindAsync(ISqlTransaction transaction, string storeId, bool isLive, string id, CancellationToken cancellationToken)
    {
        var found = await transaction.QueryAsync(
            """
            SELECT t.id, t.reason, t.reference, t.at FROM ledger_transactions t WHERE t.id = @id AND t.store_id = @store AND t.is_live = @live
            AND EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transaction_id = t.id AND p.account IN ('MerchantAvailable', 'NetworkFees'))
            """,
            new SqlArguments { { "id", EntryOf(id) }, { "store", storeId }, { "live", isLive } },
            static row => (Id: row.Text(0), Reason: row.Text(1), Reference: row.Text(2), At: row.Time(3)),
            cancellationToken);
        return found.Count == 0 ? null : await ReadAsync(transaction, found[0].Id, found[0].Reason, found[0].Reference, found[0].At, cancellationToken);
    }

    private static async ValueTask<BalanceTransaction> ReadAsync(
        ISqlTransaction transaction, string entryId, string reason, string reference, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var lines = await transaction.QueryAsync(
            "SELECT account, asset, amount FROM ledger_postings WHERE transaction_id = @id AND account IN ('MerchantAvailable', 'NetworkFees')",
            new SqlArguments { { "id", entryId } },
            static row => (IsFee: row.Text(0) is nameof(AccountKind.NetworkFees), Asset: Asset.Parse(row.Text(1)), Amount: row.Integer(2)),
            cancellationToken);
        var asset = lines[0].Asset;
        var amount = lines.Where(line => !line.IsFee && line.Asset == asset).Sum(static line => -line.Amount);
        var fee = lines.Where(line => line.IsFee && line.Asset == asset).Sum(static line => line.Amount);
        return new BalanceTransaction(Prefix + entryId[Entry.Length..], reason, reference, at, asset, amount, fee);
    }

    private static string EntryOf(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) ? Entry + id[Prefix.Length..] : id;
}
