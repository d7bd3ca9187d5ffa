using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Batches;

namespace Tributary.Rollup.Withdrawals;

/// <summary>
/// Pays proven withdrawals out of the vault, each once. What is due follows from blocks and proofs alone, what was signed from the journal; so a process
/// that dies between any two steps goes on where it was. A payout is in the journal before anybody sees it, and another one for the same withdrawals spends
/// a coin of it. Fees come out of what the vault holds beyond its liabilities: users' coins pay for nothing. One owner.
/// </summary>
/// <param name="replica">What Bitcoin says.</param>
/// <param name="chain">Where payouts are handed in.</param>
/// <param name="vaultKey">The secret of the vault's output key; the caller's.</param>
/// <param name="journal">Payouts that were signed.</param>
/// <param name="entropy">For signatures.</param>
/// <param name="options">When and how.</param>
public sealed class WithdrawalPayer(
    RollupReplica replica, IChainSource chain, SecretKey vaultKey, PayoutJournal journal, IEntropy entropy, PayerOptions options)
{
    // A replacement has to pay for itself as well (BIP 125, rule 4), at the nodes' step of up to 1 sat/vB; a quarter more each time gets somewhere.
    private const int BumpNumerator = 5;
    private const int BumpDenominator = 4;
    private const long BumpMin = 1_001;

    private readonly Dictionary<TxId, int> _since = [];

    private int Tip => replica.NextHeight - 1;

    /// <summary>Does what is due at the tip that the replica has seen; called again and again, it does nothing twice.</summary>
    /// <returns>The payout that is on its way, null where nothing is due; or why what is due cannot be paid.</returns>
    public async Task<Result<PayoutStep, Refusal>> StepAsync(CancellationToken cancellationToken)
    {
        if (replica.Vault is not { } vault)
            return PayoutStep.Nothing;
        List<OwedWithdrawal> payable = [.. replica.FindWithdrawals().Where(static owed => owed.State != WithdrawalState.Unpayable)];
        var due = Due(payable);
        if (due.Count == 0)
            return PayoutStep.Nothing;
        var earlier = FindPayoutsOf(due[0], payable);
        if (earlier.Count == 0)
            return await PayAsync(vault, due, [], null, cancellationToken).ConfigureAwait(false);
        if (earlier.FindLast(payout => payout.Marker.First == due[0].What.Number && payout.Transaction.Inputs.All(input => vault.Find(input.PreviousOutput) is not null)) is { } live)
            return await PushAsync(vault, due, live, cancellationToken).ConfigureAwait(false);
        return await ReplaceDeadAsync(vault, due, earlier, cancellationToken).ConfigureAwait(false);
    }

    // From the first that is not paid on: proven, deep enough, and nothing left out between.
    private List<OwedWithdrawal> Due(List<OwedWithdrawal> payable) =>
    [
        .. payable
            .SkipWhile(static owed => owed.State == WithdrawalState.Paid)
            .TakeWhile(owed => owed.State == WithdrawalState.Due && IsDeep(owed.AnchoredAt))
            .Take(options.PayoutOutputs),
    ];

    // A payout is of as many payable withdrawals as its marker says, from the one that it names on.
    private List<SignedPayout> FindPayoutsOf(OwedWithdrawal owed, List<OwedWithdrawal> payable)
    {
        var place = payable.IndexOf(owed);
        return [.. journal.Payouts.Where(payout => payable.FindIndex(one => one.What.Number == payout.Marker.First) is >= 0 and var first && first <= place && place < first + payout.Marker.Count)];
    }

    private bool IsDeep(int height) => Tip - height + 1 >= options.Depth;

    // Handed in again, which does no harm; replaced where it has waited too long.
    private async Task<Result<PayoutStep, Refusal>> PushAsync(VaultFollower vault, List<OwedWithdrawal> due, SignedPayout live, CancellationToken cancellationToken)
    {
        if (_since.TryGetValue(live.Transaction.TxId, out var since) && Tip - since >= options.PatienceBlocks)
        {
            List<VaultCoin> coins = [.. live.Transaction.Inputs.Select(input => vault.Find(input.PreviousOutput)!)];
            var paid = coins.Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.Value) - live.Transaction.Outputs.Aggregate(Satoshis.Zero, static (sum, output) => sum + output.Value);
            var rate = FeeratePerKvB.Of(paid, live.Transaction.VirtualSize);
            var least = new FeeratePerKvB(Math.Max(rate.Value * BumpNumerator / BumpDenominator, rate.Value + BumpMin));
            if (least <= options.FeerateMax)
                return await PayAsync(vault, [.. due.Take(live.Marker.Count)], coins, least, cancellationToken).ConfigureAwait(false);
        }

        return await HandInAsync(live, cancellationToken).ConfigureAwait(false);
    }

    // Every payout of these withdrawals has lost a coin. One whose coin is merely gone may come back with it; one whose coin a deep block spent elsewhere can't.
    private async Task<Result<PayoutStep, Refusal>> ReplaceDeadAsync(VaultFollower vault, List<OwedWithdrawal> due, List<SignedPayout> earlier, CancellationToken cancellationToken)
    {
        var mandatory = new List<VaultCoin>();
        foreach (var payout in earlier)
        {
            if (payout.Transaction.Inputs.Any(input => vault.SpenderOf(input.PreviousOutput) is { } spender && spender.By != payout.Transaction.TxId && IsDeep(spender.Height)))
                continue;
            if (payout.Transaction.Inputs.Select(input => vault.Find(input.PreviousOutput)).FirstOrDefault(static coin => coin is not null) is not { } shared)
                return new Refusal("payout", $"{payout.Transaction.TxId} pays withdrawal {due[0].What.Number} with coins that the chain does not hold now: paying it otherwise could pay it twice");
            if (!mandatory.Contains(shared))
                mandatory.Add(shared);
        }

        return await PayAsync(vault, due, mandatory, null, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Result<PayoutStep, Refusal>> PayAsync(
        VaultFollower vault, List<OwedWithdrawal> due, IReadOnlyList<VaultCoin> mandatory, FeeratePerKvB? least, CancellationToken cancellationToken)
    {
        if (!(await FeerateAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var feerate, out var away))
            return away;
        if (least > feerate)
            feerate = least.Value;
        var draft = new PayoutTransaction(
            replica.Chain.Beginning!.Rollup, vault.Script, new PayoutMarker(due[0].What.Number, (ushort)due.Count),
            [.. due.Select(static owed => new TxOut(owed.Amount, new Script(owed.What.Script)))]);
        if (draft.Choose(mandatory, vault.Coins.Where(coin => IsDeep(coin.Height)), feerate) is not { } coins)
            return new Refusal("vault", $"holds too little in coins that are {options.Depth} blocks deep for withdrawals of {draft.Total}");
        var (fee, surplus) = (draft.Fee(coins, feerate), replica.ReportLiabilities()!.Surplus);
        if (fee > surplus)
            return new Refusal("vault", $"would pay {fee} to miners and holds {surplus} beyond what it owes: top it up");
        if (!draft.Sign(coins, feerate, vaultKey, entropy).TryGet(out var transaction, out var refusal))
            return refusal;
        var payout = new SignedPayout(transaction, draft.Marker);
        await journal.AppendAsync(payout).ConfigureAwait(false);
        return await HandInAsync(payout, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Result<PayoutStep, Refusal>> HandInAsync(SignedPayout payout, CancellationToken cancellationToken)
    {
        if (!(await chain.BroadcastAsync(payout.Transaction, cancellationToken).ConfigureAwait(false)).TryGet(out var verdict, out var error))
            return new Refusal("chain", error.Reason);
        _ = _since.TryAdd(payout.Transaction.TxId, Tip);
        return verdict.IsAccepted
            ? new PayoutStep(payout.Transaction)
            : new Refusal("payout", $"{payout.Transaction.TxId} was refused by the node: {verdict.RejectReason}");
    }

    private async Task<Result<FeeratePerKvB, Refusal>> FeerateAsync(CancellationToken cancellationToken)
    {
        if (!(await chain.EstimateFeeAsync(options.TargetBlocks, cancellationToken).ConfigureAwait(false)).TryGet(out var feerate, out _)
            && !(await chain.GetMempoolMinimumAsync(cancellationToken).ConfigureAwait(false)).TryGet(out feerate, out var away))
            return new Refusal("chain", away.Reason);
        return feerate > options.FeerateMax ? options.FeerateMax : feerate;
    }
}
