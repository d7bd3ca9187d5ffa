using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Finance.Assets;

namespace Tributary.Rollup.Withdrawals;

/// <summary>
/// Holds withdrawals against the vault's payouts. A payout counts for the payable withdrawals from the number that its marker names on, where each of its
/// outputs has script and amount of its withdrawal and none of them was paid before; otherwise it counts for none.
/// </summary>
internal static class WithdrawalBook
{
    /// <summary>Says of each withdrawal what has become of it.</summary>
    /// <param name="withdrawals">All withdrawals by number, with batch, height of the anchor, and whether they are proven.</param>
    /// <param name="spends">What the vault's coins were spent on, in the order of the chain.</param>
    public static IReadOnlyList<OwedWithdrawal> Match(
        IReadOnlyList<(Withdrawn What, ulong Batch, int AnchoredAt, bool IsProven)> withdrawals, IReadOnlyList<VaultSpend> spends)
    {
        var payable = withdrawals.Where(static one => WithdrawalRules.Check(one.What.Asset, one.What.Amount, one.What.Script) is null).Select(static one => one.What).ToList();
        var place = new Dictionary<ulong, int>();
        foreach (var (i, withdrawal) in payable.Index())
            place[withdrawal.Number] = i;
        var paid = new Dictionary<ulong, VaultSpend>();
        foreach (var spend in spends)
        {
            if (spend.Payout is not { } marker || !place.TryGetValue(marker.First, out var first) || payable.Count - first < marker.Count)
                continue;
            var named = payable.GetRange(first, marker.Count);
            if (named.Index().All(one => !paid.ContainsKey(one.Item.Number) && Pays(spend.Outputs[one.Index], one.Item)))
                named.ForEach(withdrawal => paid.Add(withdrawal.Number, spend));
        }

        return [.. withdrawals.Select(one => Describe(one, place, paid))];
    }

    private static OwedWithdrawal Describe(
        (Withdrawn What, ulong Batch, int AnchoredAt, bool IsProven) one, Dictionary<ulong, int> payable, Dictionary<ulong, VaultSpend> paid)
    {
        var spend = paid.GetValueOrDefault(one.What.Number);
        var state = spend is not null ? WithdrawalState.Paid
            : !payable.ContainsKey(one.What.Number) ? WithdrawalState.Unpayable
            : one.IsProven ? WithdrawalState.Due
            : WithdrawalState.Unproven;
        return new OwedWithdrawal(one.What, one.Batch, one.AnchoredAt, state, spend?.Transaction, spend?.Height ?? 0);
    }

    private static bool Pays(in TxOut output, Withdrawn withdrawal) =>
        output.ScriptPubKey == new Script(withdrawal.Script) && (UInt128)output.Value.Value == withdrawal.Amount.Units;
}
