using Tributary.Bitcoin.Chain;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets;
using Tributary.Bitcoin.Wallets.Spending;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Anchoring;

namespace Tributary.Rollup.Operating;

/// <summary>
/// Puts envelopes on Bitcoin with a wallet's coins. Safe to ask again after a crash at any point: the payment to an envelope's commitment is found in
/// the wallet by its label, and everything else follows from the envelope. One owner.
/// </summary>
/// <param name="wallet">Pays commitments, and gets back what is left.</param>
/// <param name="chain">Where transactions are handed in.</param>
/// <param name="key">Spends envelopes and anchors; the caller's.</param>
/// <param name="entropy">For signatures.</param>
/// <param name="feerateMax">The most that an anchor may ever pay: the commitment sets it aside.</param>
public sealed class Anchorer(Wallet wallet, IChainSource chain, SecretKey key, IEntropy entropy, FeeratePerKvB feerateMax)
{
    private static readonly TaggedHasher s_label = new("Tributary/EnvelopeLabel"u8);

    // A replacement has to pay for itself as well (BIP 125, rule 4), at the nodes' step of up to 1 sat/vB; a quarter more each time gets somewhere.
    private const int BumpNumerator = 5;
    private const int BumpDenominator = 4;
    private const long BumpMin = 1_001;
    private const int TargetBlocks = 3;
    private const string ChangeLabel = "change of anchors";

    // Nodes keep chains of 25 that wait (Bitcoin Core's policy).
    private const int ParentsMax = 24;

    private readonly Dictionary<OutPoint, FeeratePerKvB> _paid = [];
    private Script? _change;

    /// <summary>
    /// Sees to it that an envelope's transaction is on its way: pays its commitment if that was not done, then hands the transaction in at the feerate
    /// of now. Asked again while it waits, it replaces it when the feerate has risen.
    /// </summary>
    /// <param name="envelope">What to show; its key is this anchorer's.</param>
    /// <param name="anchor">The anchor to move; null for a genesis or a forced post.</param>
    /// <param name="makesAnchor">For genesis and batches.</param>
    /// <param name="isLate">It has waited longer than it should: pay more than before whatever the estimate says.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<Result<Transaction, Refusal>> PostAsync(Envelope envelope, OutPoint? anchor, bool makesAnchor, bool isLate, CancellationToken cancellationToken) =>
        PostAsync(envelope, anchor, makesAnchor, isLate, PostPrice.Estimated, cancellationToken);

    /// <summary>
    /// The same at a price: what waits is replaced by a transaction with the same outputs that pays more (BIP 125). It pays for a commitment that waits too;
    /// where the mempool takes no commitment so cheap, that is given up for one of the same coins, so that a block can hold one of the two and not both.
    /// </summary>
    public async Task<Result<Transaction, Refusal>> PostAsync(Envelope envelope, OutPoint? anchor, bool makesAnchor, bool isLate, PostPrice price, CancellationToken cancellationToken)
    {
        if (price.Wanted > feerateMax)
            return new Refusal("feerate", $"of {price.Wanted} is above the {feerateMax} that this may pay at most");
        if (await ChangeAsync(cancellationToken) is { } locked)
            return locked;
        if (!(await CommitAsync(envelope, anchor is not null, makesAnchor, price.Wanted, cancellationToken)).TryGet(out var commitment, out var refusal))
            return refusal;
        var transaction = Show(envelope, anchor, makesAnchor, commitment);
        if (!(await FeerateAsync(transaction, isLate, price, cancellationToken)).TryGet(out var feerate, out refusal))
            return refusal;
        return await BroadcastAsync(transaction, commitment, feerate, price, cancellationToken);
    }

    // The same after every start: an anchor that is signed again is then the same transaction.
    private async Task<Refusal?> ChangeAsync(CancellationToken cancellationToken)
    {
        if (_change is not null)
            return null;
        var known = wallet.ListAddresses().FirstOrDefault(static one => string.Equals(one.Label, ChangeLabel, StringComparison.Ordinal));
        if (known is null && !(await wallet.NewAddressAsync(WalletAccountKind.Bip84, ChangeLabel, cancellationToken)).TryGet(out known, out var locked))
            return locked;
        _change = known.Address.ScriptPubKey;
        return null;
    }

    private static AnchorTransaction Show(Envelope envelope, OutPoint? anchor, bool makesAnchor, Transaction commitment)
    {
        var script = AnchorOutputs.Commitment(envelope).ScriptPubKey;
        var output = commitment.Outputs.Index().First(one => one.Item.ScriptPubKey == script).Index;
        return new AnchorTransaction(envelope, anchor, commitment.OutPointOf(output), commitment.OutputValue(output), makesAnchor);
    }

    private async Task<Result<Transaction, Refusal>> CommitAsync(Envelope envelope, bool spendsAnchor, bool makesAnchor, FeeratePerKvB? feerate, CancellationToken cancellationToken)
    {
        var label = $"anchor {s_label.Hash(envelope.Build().Span)}";
        var before = wallet.Transactions.Where(one => string.Equals(one.Label, label, StringComparison.Ordinal)).ToList();
        if (before.Find(static one => one.State is WalletTransactionState.Confirmed or WalletTransactionState.Pending or WalletTransactionState.Waiting) is { } known)
            return known.Transaction;

        // One that was given up may be at some node: this one spends its coins, or that one's can't be spent any more.
        var free = wallet.ListUnspent().Select(static coin => coin.OutPoint).ToHashSet();
        var coins = before.FindLast(static one => one.State is WalletTransactionState.Abandoned)?.Transaction.Inputs.Select(static input => input.PreviousOutput).ToList() ?? [];
        var request = new SendRequest
        {
            Outputs = [new SendOutput(AnchorOutputs.Commitment(envelope).ScriptPubKey, AnchorTransaction.ValueFor(envelope, spendsAnchor, makesAnchor, _change!.Value, feerateMax))],
            Inputs = coins.TrueForAll(free.Contains) ? [.. coins] : [],
            Label = label,
            Feerate = feerate,
            TargetBlocks = TargetBlocks,
            // Others must not be able to make a commitment invalid: it spends what is in blocks.
            SpendsUnconfirmed = false,
        };
        return await wallet.SendAsync(request, cancellationToken);
    }

    private async Task<Result<FeeratePerKvB, Refusal>> FeerateAsync(AnchorTransaction transaction, bool isLate, PostPrice price, CancellationToken cancellationToken)
    {
        var before = _paid.TryGetValue(transaction.Commitment, out var paid) ? paid : price.Before;
        var most = Most(transaction);
        if (price.Wanted is { } wanted)
        {
            // A replacement pays for its own relay too, at the nodes' step.
            var raised = before is { } less && wanted > less ? Max(wanted, new FeeratePerKvB(less.Value + BumpMin)) : before ?? wanted;
            return raised > most ? new Refusal("feerate", $"of {raised} is more than the {most} that was set aside for this post can pay") : raised;
        }

        if (!(await chain.EstimateFeeAsync(TargetBlocks, cancellationToken)).TryGet(out var feerate, out _)
            && !(await chain.GetMempoolMinimumAsync(cancellationToken)).TryGet(out feerate, out var silent))
            return new Refusal("chain", silent.Reason);
        if (before is { } last)
            feerate = isLate || feerate > last ? Max(feerate, new FeeratePerKvB(Math.Max(last.Value * BumpNumerator / BumpDenominator, last.Value + BumpMin))) : last;
        return Min(feerate, most);
    }

    private FeeratePerKvB Most(AnchorTransaction transaction) => Min(feerateMax, transaction.FeerateMax(_change!.Value));

    // A commitment that waits is mined with what spends it: the two together pay the feerate, as far as was set aside.
    private FeeratePerKvB WithCommitment(AnchorTransaction transaction, Transaction commitment, FeeratePerKvB feerate)
    {
        if (wallet.FindTransaction(commitment.TxId) is not { Block: null, Fee: { } fee } || feerate.FeeFor(commitment.VirtualSize) <= fee)
            return feerate;
        var size = transaction.SizeWith(_change!.Value);
        var due = feerate.FeeFor(size) + feerate.FeeFor(commitment.VirtualSize) - fee;
        return Min(new FeeratePerKvB(FeeratePerKvB.Of(due, size).Value + 1), transaction.FeerateMax(_change!.Value));
    }

    private async Task<Result<Transaction, Refusal>> BroadcastAsync(
        AnchorTransaction transaction, Transaction commitment, FeeratePerKvB feerate, PostPrice price, CancellationToken cancellationToken)
    {
        var isCommitmentOffered = false;
        while (true)
        {
            if (!transaction.Sign(WithCommitment(transaction, commitment, feerate), _change!.Value, key, entropy).TryGet(out var signed, out var refusal))
                return refusal;
            if (price.Noting is { } note)
                await note(signed, feerate);
            if (!(await chain.BroadcastAsync(signed, cancellationToken)).TryGet(out var verdict, out var error))
                return new Refusal("chain", error.Reason);

            // Some nodes count data in a witness as more than its weight: what is enough for them shows by asking.
            var most = Most(transaction);
            if (PaysTooLittle(verdict) && feerate < most)
            {
                feerate = Min(new FeeratePerKvB(feerate.Value * BumpNumerator / BumpDenominator), most);
                continue;
            }

            // A reorganisation may have put the commitment out of the mempool with its block: the wallet offers it again, but not at once.
            if (verdict is { IsAccepted: false, RejectReason: "missing-inputs" } && !isCommitmentOffered)
            {
                isCommitmentOffered = true;
                if (!(await OfferAsync(commitment, cancellationToken)).TryGet(out var offered, out refusal))
                    return refusal;
                if (PaysTooLittle(offered))
                {
                    if (!(await RecommitAsync(transaction, commitment, feerate, cancellationToken)).TryGet(out var dearer, out refusal))
                        return refusal;
                    (commitment, transaction) = (dearer, Show(transaction.Envelope, transaction.Anchor, transaction.MakesAnchor, dearer));
                }

                continue;
            }

            // After a restart an equal transaction with another signature is refused as a replacement that pays no more: the first one is there.
            if (verdict is { IsAccepted: false, RejectReason: "missing-inputs" } && await FindSpenderAsync(transaction, cancellationToken) is { } shown)
                return shown;
            if (!verdict.IsAccepted && !IsThereAlready(verdict))
                return new Refusal("anchor", $"was refused by the node: {verdict.RejectReason}{Advice(verdict)}");
            if (!verdict.IsAccepted)
                return await FindSpenderAsync(transaction, cancellationToken) ?? signed;
            _paid[transaction.Commitment] = feerate;
            return signed;
        }
    }

    private async Task<Result<Transaction, Refusal>> RecommitAsync(AnchorTransaction transaction, Transaction commitment, FeeratePerKvB feerate, CancellationToken cancellationToken)
    {
        if (!(await chain.GetMempoolMinimumAsync(cancellationToken)).TryGet(out var minimum, out var silent))
            return new Refusal("chain", silent.Reason);
        if (minimum > feerateMax)
            return new Refusal("feerate", $"the node takes nothing below {minimum} now, and this may pay {feerateMax} at most");
        if (await wallet.AbandonAsync(commitment.TxId, cancellationToken) is { } kept)
            return kept;
        return await CommitAsync(transaction.Envelope, transaction.Anchor is not null, transaction.MakesAnchor, Max(feerate, minimum), cancellationToken);
    }

    private async Task<Transaction?> FindSpenderAsync(AnchorTransaction transaction, CancellationToken cancellationToken) =>
        (await chain.GetOutspendAsync(transaction.Commitment, wallet.FindTransaction(transaction.Commitment.TxId)?.Block?.Height, cancellationToken)).TryGet(out var outspend, out _) ? outspend.Spender : null;

    // What the commitment spends may have gone with it: parents before children. A refusal of one shows in that of the last.
    private async Task<Result<MempoolVerdict, Refusal>> OfferAsync(Transaction commitment, CancellationToken cancellationToken)
    {
        var line = new List<Transaction>();
        AddUnconfirmed(commitment, line);
        foreach (var parent in line)
        {
            if (!(await chain.BroadcastAsync(parent, cancellationToken)).TryGet(out _, out var error))
                return new Refusal("chain", error.Reason);
        }

        return (await chain.BroadcastAsync(commitment, cancellationToken)).TryGet(out var verdict, out var away) ? verdict : new Refusal("chain", away.Reason);
    }

    private void AddUnconfirmed(Transaction child, List<Transaction> line)
    {
        foreach (var input in child.Inputs)
        {
            if (line.Count >= ParentsMax || wallet.FindTransaction(input.PreviousOutput.TxId) is not { Block: null } parent || line.Contains(parent.Transaction))
                continue;
            AddUnconfirmed(parent.Transaction, line);
            line.Add(parent.Transaction);
        }
    }

    private static bool PaysTooLittle(MempoolVerdict verdict) =>
        verdict is { IsAccepted: false, RejectReason: { } reason }
        && (reason.Contains("min relay fee not met", StringComparison.Ordinal) || reason.Contains("mempool min fee not met", StringComparison.Ordinal));

    // Bitcoin Core relays envelopes; Bitcoin Knots does when it is told to.
    private static string Advice(MempoolVerdict verdict) => verdict.RejectReason?.Contains("datacarrier", StringComparison.Ordinal) == true
        ? " (this node takes no data in witnesses: start Bitcoin Knots with -acceptnonstddatacarrier=1 -datacarrierfullcount=0, or use Bitcoin Core)"
        : "";

    private static bool IsThereAlready(MempoolVerdict verdict) =>
        verdict.RejectReason is { } reason && (reason.Contains("insufficient fee", StringComparison.Ordinal) || reason.Contains("same-nonwitness-data", StringComparison.Ordinal));

    private static FeeratePerKvB Min(FeeratePerKvB left, FeeratePerKvB right) => left < right ? left : right;

    private static FeeratePerKvB Max(FeeratePerKvB left, FeeratePerKvB right) => left > right ? left : right;
}
