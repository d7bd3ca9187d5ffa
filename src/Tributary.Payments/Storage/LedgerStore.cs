using Tributary.Payments.Ledger;
using Tributary.Storage.Relational;

namespace Tributary.Payments.Storage;

/// <summary>Writes ledger transactions, which are never changed afterwards.</summary>
public static class LedgerStore
{
    /// <summary>Posts an entry, in the transaction of what it stands for.</summary>
    public static async ValueTask PostAsync(
        ISqlTransaction transaction, string storeId, bool isLive, LedgerTransaction ledger, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = "lt_" + Guid.CreateVersion7(now).ToString("N");
        await transaction.ExecuteOneAsync(
            "INSERT INTO ledger_transactions (id, store_id, is_live, reason, reference, at) VALUES (@id, @store, @live, @reason, @reference, @at)",
            new SqlArguments { { "id", id }, { "store", storeId }, { "live", isLive }, { "reason", ledger.Reason }, { "reference", ledger.Reference }, { "at", now } },
            cancellationToken);
        await transaction.ExecuteOneAsync("INSERT INTO ledger_uncounted (transaction_id) VALUES (@id)", new SqlArguments { { "id", id } }, cancellationToken);
        for (var line = 0; line < ledger.Postings.Length; line++)
        {
            var posting = ledger.Postings[line];
            await transaction.ExecuteOneAsync(
                """
                INSERT INTO ledger_postings (transaction_id, line, account, asset, amount)
                VALUES (@id, @line, @account, @asset, @amount)
                """,
                new SqlArguments
                {
                    { "id", id },
                    { "line", line },
                    { "account", posting.Account.ToString() },
                    { "asset", posting.Asset.Code },
                    { "amount", posting.Amount },
                },
                cancellationToken);
        }
    }
}
