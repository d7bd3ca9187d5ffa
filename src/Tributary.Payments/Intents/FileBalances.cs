using Tributary.Payments.Ledger;
using Tributary.Payments.Refunds;

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
        var balances = new Dictionary<(AccountKind Account, Asset Asset), long>();
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

            void Add(AccountKind account, long amount) => FileBalances.Add(balances, account, attempt.Asset, amount);
        }

        foreach (var refund in file.Refunds)
            AddRefund(balances, refund);
        foreach (var dispute in file.Disputes.Where(static dispute => dispute.TakesMoney))
        {
            // The processor takes it from what it owes; the merchant has it again when the dispute is won.
            var asset = Asset.Of(dispute.Amount.Currency);
            Add(balances, AccountKind.CardProcessor, asset, -dispute.Amount.MinorUnits);
            Add(balances, AccountKind.MerchantAvailable, asset, dispute.Amount.MinorUnits);
        }

        return balances;
    }

    /// <summary>The transaction that leads from one file to the other; null where no money moved.</summary>
    public static LedgerTransaction? Difference(PaymentFile before, PaymentFile after, string reason, string? reference = null)
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
        return postings.Length == 0 ? null : LedgerTransaction.Create(reason, reference ?? after.Intent.Id, postings);
    }

    // A refund takes its money when it is decided; the money leaves when the rail has paid.
    private static void AddRefund(Dictionary<(AccountKind Account, Asset Asset), long> balances, Refund refund)
    {
        if (!refund.TakesMoney)
            return;
        Add(balances, refund.IsExcess ? AccountKind.ShopperExcess : AccountKind.MerchantAvailable, refund.Asset, refund.Gross);
        if (refund.Status != RefundStatus.Succeeded)
        {
            Add(balances, AccountKind.RefundsUnderWay, refund.Asset, -refund.Gross);
            return;
        }

        var sent = refund.LastTransfer ?? throw new InvalidOperationException($"Refund {refund.Id} succeeded without a transfer.");
        Add(balances, RailAccounts.Of(sent.Rail).Settled, refund.Asset, -checked(sent.Amount + sent.Fee));
        Add(balances, AccountKind.NetworkFees, refund.Asset, sent.Fee - sent.ShopperFee);
    }

    private static void Add(Dictionary<(AccountKind Account, Asset Asset), long> balances, AccountKind account, Asset asset, long amount)
    {
        var key = (account, asset);
        balances[key] = checked(balances.GetValueOrDefault(key) + amount);
    }
}
