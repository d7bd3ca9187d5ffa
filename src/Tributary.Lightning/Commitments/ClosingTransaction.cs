using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Commitments;

/// <summary>The transaction of a cooperative close by <c>closing_signed</c> (BOLT 3, "Legacy Closing Transaction").</summary>
public sealed class ClosingTransaction
{
    private readonly CommitmentContract _contract;

    private ClosingTransaction(CommitmentContract contract, Transaction unsigned)
    {
        _contract = contract;
        Unsigned = unsigned;
    }

    /// <summary>Without its witness.</summary>
    public Transaction Unsigned { get; }

    /// <summary>Builds the transaction; the opener pays the fee, and an output below the dust limit is left out.</summary>
    /// <param name="contract">Of either side: "broadcaster" is the one that it is named after.</param>
    /// <param name="broadcaster">Balance and script of that side.</param>
    /// <param name="countersigner">Balance and script of the other.</param>
    /// <param name="fee">At most what the opener has.</param>
    /// <param name="dustLimit">Of the side that signs: each uses its own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The opener cannot pay the fee.</exception>
    public static ClosingTransaction Build(
        CommitmentContract contract, ClosingShare broadcaster, ClosingShare countersigner, Satoshis fee, Satoshis dustLimit)
    {
        var first = broadcaster.Balance.FloorToSatoshis() - (contract.BroadcasterIsOpener ? fee : Satoshis.Zero);
        var second = countersigner.Balance.FloorToSatoshis() - (contract.BroadcasterIsOpener ? Satoshis.Zero : fee);
        if (first < Satoshis.Zero || second < Satoshis.Zero)
            throw new ArgumentOutOfRangeException(nameof(fee), fee, "The opener cannot pay the fee.");

        var outputs = new List<TxOut>();
        if (first >= dustLimit)
            outputs.Add(new TxOut(first, broadcaster.Script));
        if (second >= dustLimit)
            outputs.Add(new TxOut(second, countersigner.Script));
        outputs.Sort(static (left, right) =>
        {
            var order = left.Value.CompareTo(right.Value);
            return order != 0 ? order : left.ScriptPubKey.Span.SequenceCompareTo(right.ScriptPubKey.Span);
        });
        return new ClosingTransaction(contract, Transaction.Create(2, [new TxIn(contract.Funding, TxIn.Final)], outputs.ToArray()));
    }

    /// <summary>What both sides sign.</summary>
    public Bytes32 SignatureHash() => Bitcoin.Scripts.SignatureHash.SegwitV0(
        Unsigned, 0, _contract.FundingScript.Span, _contract.FundingAmount, SighashType.All);

    /// <summary>The transaction with both signatures.</summary>
    public Transaction Sign(CompactSignature byBroadcaster, CompactSignature byCountersigner) => Unsigned.WithInputs(
    [
        Unsigned.Input(0) with
        {
            Witness = CommitmentWitness.Funding(
                _contract.BroadcasterFundingKey, byBroadcaster, _contract.CountersignerFundingKey, byCountersigner, _contract.FundingScript),
        },
    ]);
}
