using Tributary.Payments.Ledger;

namespace Tributary.Payments.Intents;

/// <summary>
/// What a file stands for in the ledger. Every change posts the difference between the balances after it and before it, so ledger and file
/// cannot drift apart.
/// </summary>
public static class FileBalances
{
    /// <summary>The balance of each account that the file's money is in; debits are positive.</summary>
    public static Dictionary<(AccountKind Account, Asset Asset), long> Of(PaymentFile file)
    {
        var balances = new Dictionary<(AccountKind, Asset), long>();
        foreach (var receipt in file.Receipts)
        {
            var attempt = file.FindAttempt(receipt.AttemptId) ?? throw new InvalidOperationException($"Receipt {receipt.Reference} belongs to no attempt.");
            var accounts = RailAccounts.Of(attempt.Rail);
            switch (receipt.Status)
            {
                case ReceiptStatus.Seen or ReceiptStatus.Held:
                    Add(accounts.Pending, receipt.Amount);
                    Add(AccountKind.MerchantPending, -receipt.Amount);
                    break;
                case ReceiptStatus.Settled:
                    Add(accounts.Settled, receipt.Amount);
                    Add(AccountKind.MerchantAvailable, -receipt.Credited);
                    Add(AccountKind.ShopperExcess, receipt.Credited - receipt.Amount);
                    break;
            }

            void Add(AccountKind account, long amount)
            {
                var key = (account, attempt.Asset);
                balances[key] = checked(balances.GetValueOrDefault(key) + amount);
            }
        }

        return balances;
    }

    /// <summary>The transaction that leads from one file to the other; null where no money moved.</summary>
    public static LedgerTransaction? Difference(PaymentFile before, PaymentFile after, string reason)
    {
        var change = Of(after);
        foreach (var (key, amount) in Of(before))
            change[key] = checked(change.GetValueOrDefault(key) - amount);
        var postings = change
            .Where(static line => line.Value != 0)
            .OrderBy(static line => line.Key.Account)
            .ThenBy(static line => line.Key.Asset.Code, StringComparer.Ordinal)
            .Select(static line => new LedgerPosting(line.Key.Account, line.Key.Asset, line.Value))
            .ToArray();
        return postings.Length == 0 ? null : LedgerTransaction.Create(reason, after.Intent.Id, postings);
    }
}
