using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Commitments;

/// <summary>
/// The second stage of an HTLC in the broadcaster's commitment (BOLT 3): HTLC-timeout for one that it offered, HTLC-success for one that it
/// received. With anchors it is signed so that inputs and outputs for the fee may be added.
/// </summary>
public sealed class HtlcTransaction
{
    private HtlcTransaction(CommitmentTransaction commitment, HtlcOutput output, Transaction unsigned)
    {
        Commitment = commitment;
        Output = output;
        Unsigned = unsigned;
    }

    public CommitmentTransaction Commitment { get; }

    /// <summary>The output that is spent.</summary>
    public HtlcOutput Output { get; }

    /// <summary>Without its witness.</summary>
    public Transaction Unsigned { get; }

    /// <summary>What is spent.</summary>
    public TxOut Spent => Commitment.Unsigned.Output(Output.Index);

    /// <summary>The hash type of the countersigner's signature; the broadcaster's own is always over everything.</summary>
    public byte CountersignerHashType => Commitment.Contract.Format.HasAnchors()
        ? (byte)(SighashType.Single | SighashType.AnyoneCanPay)
        : SighashType.All;

    /// <summary>Builds the transaction of an output of the commitment.</summary>
    public static HtlcTransaction Build(CommitmentTransaction commitment, HtlcOutput output)
    {
        var format = commitment.Contract.Format;
        var amount = output.Htlc.Amount.FloorToSatoshis() - CommitmentFees.HtlcFee(format, commitment.State.Feerate, output.Htlc.IsOffered);
        var unsigned = Transaction.Create(
            2,
            [new TxIn(commitment.Unsigned.OutPointOf(output.Index), format.HasAnchors() ? 1u : 0u)],
            [new TxOut(amount, commitment.RevocableOutput)],
            output.Htlc.IsOffered ? output.Htlc.CltvExpiry : 0);
        return new HtlcTransaction(commitment, output, unsigned);
    }

    /// <summary>What the countersigner signs in <c>commitment_signed</c>.</summary>
    public Bytes32 CountersignerHash() => Hash(Unsigned, 0, CountersignerHashType);

    /// <summary>What the broadcaster signs: this transaction as it is, or one to which inputs and outputs for the fee were added.</summary>
    public Bytes32 BroadcasterHash(Transaction? extended = null, int inputIndex = 0) => Hash(extended ?? Unsigned, inputIndex, SighashType.All);

    /// <summary>The witness of the input that spends the HTLC.</summary>
    /// <param name="byBroadcaster">Over <see cref="BroadcasterHash"/>.</param>
    /// <param name="byCountersigner">Over <see cref="CountersignerHash"/>.</param>
    /// <param name="preimage">For HTLC-success; null for HTLC-timeout.</param>
    public Witness Witness(CompactSignature byBroadcaster, CompactSignature byCountersigner, Bytes32? preimage)
    {
        if (preimage is null != Output.Htlc.IsOffered)
            throw new ArgumentException("HTLC-success takes a preimage and HTLC-timeout takes none.", nameof(preimage));
        return CommitmentWitness.HtlcTransaction(byCountersigner, CountersignerHashType, byBroadcaster, preimage, Output.WitnessScript);
    }

    /// <summary>The transaction with its witness; only without anchors does it pay a fee.</summary>
    public Transaction Sign(CompactSignature byBroadcaster, CompactSignature byCountersigner, Bytes32? preimage) =>
        Unsigned.WithInputs([Unsigned.Input(0) with { Witness = Witness(byBroadcaster, byCountersigner, preimage) }]);

    private Bytes32 Hash(Transaction transaction, int inputIndex, byte hashType) =>
        SignatureHash.SegwitV0(transaction, inputIndex, Output.WitnessScript.Span, Spent.Value, hashType);
}
