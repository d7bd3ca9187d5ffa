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
    public async Task<Result<Transaction, Refusal>> PostAsync(Envelope envelope, OutPoint? anchor, bool makesAnchor, bool isLate, CancellationToken cancellationToken)
    {
        if (_change is null)
        {
            // The same after every start: an anchor that is signed again is then the same transaction.
            var known = wallet.ListAddresses().FirstOrDefault(static one => string.Equals(one.Label, ChangeLabel, StringComparison.Ordinal));
            if (known is null && !(await wallet.NewAddressAsync(WalletAccountKind.Bip84, ChangeLabel, cancellationToken)).TryGet(out known, out var locked))
                return locked;
            _change = known.Address.ScriptPubKey;
        }

        if (!(await CommitAsync(envelope, anchor is not null, makesAnchor, cancellationToken)).TryGet(out var commitment, out var refusal))
            return refusal;
        var script = AnchorOutputs.Commitment(envelope).ScriptPubKey;
        var output = (uint)commitment.Outputs.Index().First(one => one.Item.ScriptPubKey == script).Index;
        var transaction = new AnchorTransaction(envelope, anchor, commitment.OutPointOf((int)output), commitment.OutputValue((int)output), makesAnchor);
        return await BroadcastAsync(transaction, commitment, isLate, cancellationToken);
    }

    private async Task<Result<Transaction, Refusal>> CommitAsync(Envelope envelope, bool spendsAnchor, bool makesAnchor, CancellationToken cancellationToken)
    {
        var label = $"anchor {s_label.Hash(envelope.Build().Span)}";
        var known = wallet.Transactions.FirstOrDefault(one =>
            string.Equals(one.Label, label, StringComparison.Ordinal)
            && one.State is WalletTransactionState.Confirmed or WalletTransactionState.Pending or WalletTransactionState.Waiting);
        if (known is not null)
            return known.Transaction;
        var request = new SendRequest
        {
            Outputs = [new SendOutput(AnchorOutputs.Commitment(envelope).ScriptPubKey, AnchorTransaction.ValueFor(envelope, spendsAnchor, makesAnchor, _change!.Value, feerateMax))],
            Label = label,
            TargetBlocks = TargetBlocks,
            // Others must not be able to make a commitment invalid: it spends what is in blocks.
            SpendsUnconfirmed = false,
        };
        return await wallet.SendAsync(request, cancellationToken);
    }

    private async Task<Result<Transaction, Refusal>> BroadcastAsync(AnchorTransaction transaction, Transaction commitment, bool isLate, CancellationToken cancellationToken)
    {
        if (!(await chain.EstimateFeeAsync(TargetBlocks, cancellationToken)).TryGet(out var feerate, out _)
            && !(await chain.GetMempoolMinimumAsync(cancellationToken)).TryGet(out feerate, out var silent))
            return new Refusal("chain", silent.Reason);
        if (_paid.TryGetValue(transaction.Commitment, out var before))
            feerate = isLate || feerate > before ? Max(feerate, new FeeratePerKvB(Math.Max(before.Value * BumpNumerator / BumpDenominator, before.Value + BumpMin))) : before;
        feerate = feerate > feerateMax ? feerateMax : feerate;
        var isCommitmentOffered = false;
        while (true)
        {
            if (!transaction.Sign(feerate, _change!.Value, key, entropy).TryGet(out var signed, out var refusal))
                return refusal;
            if (!(await chain.BroadcastAsync(signed, cancellationToken)).TryGet(out var verdict, out var error))
                return new Refusal("chain", error.Reason);

            // Some nodes count data in a witness as more than its weight: what is enough for them shows by asking.
            if (PaysTooLittle(verdict) && feerate < feerateMax)
            {
                var more = new FeeratePerKvB(feerate.Value * BumpNumerator / BumpDenominator);
                feerate = more > feerateMax ? feerateMax : more;
                continue;
            }

            // A reorganisation may have put the commitment out of the mempool with its block: the wallet offers it again, but not at once.
            if (verdict is { IsAccepted: false, RejectReason: "missing-inputs" } && !isCommitmentOffered)
            {
                isCommitmentOffered = true;
                if (await OfferAsync(commitment, cancellationToken) is { } away)
                    return away;
                continue;
            }

            // After a restart an equal transaction with another signature is refused as a replacement that pays no more: the first one is there.
            if (!verdict.IsAccepted && !IsThereAlready(verdict))
                return new Refusal("anchor", $"was refused by the node: {verdict.RejectReason}{Advice(verdict)}");
            if (!verdict.IsAccepted)
                return await FindSpenderAsync(transaction, cancellationToken) ?? signed;
            _paid[transaction.Commitment] = feerate;
            return signed;
        }
    }

    private async Task<Transaction?> FindSpenderAsync(AnchorTransaction transaction, CancellationToken cancellationToken) =>
        (await chain.GetOutspendAsync(transaction.Commitment, null, cancellationToken)).TryGet(out var outspend, out _) ? outspend.Spender : null;

    // What the commitment spends may have gone with it: parents before children. A refusal of one shows in that of the last.
    private async Task<Refusal?> OfferAsync(Transaction commitment, CancellationToken cancellationToken)
    {
        var line = new List<Transaction>();
        AddUnconfirmed(commitment, line);
        foreach (var transaction in line.Append(commitment))
        {
            if (!(await chain.BroadcastAsync(transaction, cancellationToken)).TryGet(out _, out var error))
                return new Refusal("chain", error.Reason);
        }

        return null;
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

    private static FeeratePerKvB Max(FeeratePerKvB left, FeeratePerKvB right) => left > right ? left : right;
}
