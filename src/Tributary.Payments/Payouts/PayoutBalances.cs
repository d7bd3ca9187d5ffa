using Tributary.Payments.Intents;
using Tributary.Payments.Ledger;

namespace Tributary.Payments.Payouts;

/// <summary>What a payout stands for in the ledger: changes post the difference, so the two cannot drift apart.</summary>
public static class PayoutBalances
{
    /// <summary>The balance of each account; debits are positive.</summary>
    public static Dictionary<AccountKind, long> Of(Payout? payout)
    {
        if (payout is not { TakesMoney: true })
            return [];
        var balances = new Dictionary<AccountKind, long> { [AccountKind.MerchantAvailable] = payout.Gross };
        if (payout.Status == PayoutStatus.Paid)
        {
            balances[RailAccounts.Of(payout.Rail).Settled] = -checked(payout.Gross + payout.Fee);
            balances[AccountKind.NetworkFees] = payout.Fee;
        }
        else
        {
            balances[AccountKind.PayoutsUnderWay] = -payout.Gross;
        }

        return balances;
    }

    /// <summary>The transaction that leads from one to the other; null where no money moved.</summary>
    public static LedgerTransaction? Difference(Payout? before, Payout after, string reason)
    {
        var change = Of(after);
        foreach (var (account, amount) in Of(before))
            change[account] = checked(change.GetValueOrDefault(account) - amount);
        var postings = change.Where(static line => line.Value != 0).OrderBy(static line => line.Key).Select(line => new LedgerPosting(line.Key, after.Asset, line.Value)).ToArray();
        return postings.Length == 0 ? null : LedgerTransaction.Create(reason, after.Id, postings);
    }
}
