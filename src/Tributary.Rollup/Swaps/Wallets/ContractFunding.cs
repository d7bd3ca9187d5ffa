using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Swaps.Wallets;

/// <summary>
/// Pays contracts on Bitcoin out of a wallet, each once, and sees that the payment gets into a block: one that waits is helped by a child that spends its
/// change, which leaves the contract's output where it is; where there is no change, or the mempool takes the payment in no company, it is replaced by one
/// that spends the same coins (BIP 125). The other side goes by blocks, where it finds the contract by script and amount. One owner.
/// </summary>
/// <param name="coins">The wallet; the caller's.</param>
/// <param name="chain">The caller's.</param>
/// <param name="feerateMax">The most that a payment and its child may ever pay together.</param>
public sealed class ContractFunding(Wallet coins, IChainSource chain, FeeratePerKvB feerateMax)
{
    private const int TargetBlocks = 3;

    // Blocks after which a payment that waits pays more.
    private const int PatienceBlocks = 2;

    // A replacement pays for its own relay as well (BIP 125, rule 4), at the nodes' step; a quarter more each time gets somewhere.
    private const int BumpNumerator = 5;
    private const int BumpDenominator = 4;
    private const long BumpMin = 1_001;
    private const int ReplacementsMax = 1_000;

    private readonly Dictionary<string, int> _since = new(StringComparer.Ordinal);

    /// <summary>The payment that the wallet knows by a label, or what took its place; null where there is none that may confirm.</summary>
    public static WalletTransaction? Find(Wallet coins, string label)
    {
        foreach (var paid in coins.Transactions.Where(one => string.Equals(one.Label, label, StringComparison.Ordinal)))
        {
            // A replacement has no label of its own: a process may die before it could be given one.
            var one = paid;
            for (var steps = 0; one.State is WalletTransactionState.Replaced && one.ReplacedBy is { } next && coins.FindTransaction(next) is { } later && steps < ReplacementsMax; steps++)
                one = later;
            if (IsAlive(one))
                return one;
        }

        return null;
    }

    /// <summary>Pays a contract; asked again with the same label it pays no second time, and raises what a payment pays that waits.</summary>
    public async Task<Refusal?> PayAsync(Script contract, Satoshis amount, string label, CancellationToken cancellationToken)
    {
        if (Find(coins, label) is { } known)
            return known.Block is null ? await RaiseAsync(known, label, cancellationToken).ConfigureAwait(false) : null;
        var request = new SendRequest { Outputs = [new SendOutput(contract, amount)], Label = label, TargetBlocks = TargetBlocks, SpendsUnconfirmed = false };
        return (await coins.SendAsync(request, cancellationToken).ConfigureAwait(false)).TryGet(out _, out var refusal) ? null : refusal;
    }

    private async Task<Refusal?> RaiseAsync(WalletTransaction paid, string label, CancellationToken cancellationToken)
    {
        if (!(await chain.GetTipAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var tip, out var error)
            || !(await chain.GetMempoolMinimumAsync(cancellationToken).ConfigureAwait(false)).TryGet(out var minimum, out error))
            return new Refusal("chain", error.Reason);

        // After a restart the blocks are counted anew: late, never early.
        var since = _since.TryGetValue(label, out var known) ? known : _since[label] = tip.Height;
        if (paid.Fee is not { } fee)
            return null;
        var child = coins.Transactions.FirstOrDefault(one => one.IsOwn && IsAlive(one) && one.Transaction.Inputs.Any(input => input.PreviousOutput.TxId == paid.TxId));
        var size = paid.Transaction.VirtualSize + (child?.Transaction.VirtualSize ?? 0);
        var reached = FeeratePerKvB.Of(fee + (child?.Fee ?? Satoshis.Zero), size);
        var isOut = paid.State is WalletTransactionState.Waiting && reached < minimum;
        if (!isOut && tip.Height - since < PatienceBlocks)
            return null;

        var wanted = Math.Max(reached.Value * BumpNumerator / BumpDenominator, reached.Value + BumpMin);
        if ((await chain.EstimateFeeAsync(TargetBlocks, cancellationToken).ConfigureAwait(false)).TryGet(out var estimate, out _))
            wanted = Math.Max(wanted, estimate.Value);
        wanted = Math.Min(Math.Max(wanted, minimum.Value), feerateMax.Value);
        if (wanted <= reached.Value)
            return isOut ? new Refusal("feerate", $"the node takes nothing below {minimum} now, and the payment into the contract may pay {feerateMax} at most") : null;
        if (await RaiseAsync(paid, child, fee, new FeeratePerKvB(wanted), isOut, cancellationToken).ConfigureAwait(false) is { } refusal)
            return new Refusal(refusal.Field, $"the payment into the contract waits at {reached} and can't be raised: {refusal.Reason}");
        _since[label] = tip.Height;
        return null;
    }

    private async Task<Refusal?> RaiseAsync(WalletTransaction paid, WalletTransaction? child, Satoshis fee, FeeratePerKvB wanted, bool isOut, CancellationToken cancellationToken)
    {
        Refusal? refusal;
        if (child is not null)
        {
            var size = child.Transaction.VirtualSize;
            var due = wanted.FeeFor(paid.Transaction.VirtualSize + size) - fee;
            return (await coins.BumpFeeAsync(child.TxId, new FeeratePerKvB(FeeratePerKvB.Of(due, size).Value + 1), cancellationToken).ConfigureAwait(false)).TryGet(out _, out refusal) ? null : refusal;
        }

        if ((await coins.ChildPaysForParentAsync(paid.TxId, wanted, cancellationToken).ConfigureAwait(false)).TryGet(out _, out refusal))
            return null;
        var hasNoChange = refusal.Field is "parent";
        return !hasNoChange && !isOut ? refusal
            : (await coins.BumpFeeAsync(paid.TxId, wanted, cancellationToken).ConfigureAwait(false)).TryGet(out _, out refusal) ? null : refusal;
    }

    private static bool IsAlive(WalletTransaction one) => one.State is WalletTransactionState.Confirmed or WalletTransactionState.Pending or WalletTransactionState.Waiting;
}
