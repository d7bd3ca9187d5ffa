using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Taproot;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Rollup.Anchoring;

/// <summary>
/// The transaction that shows an envelope and moves the anchor. Its fee comes from the output that committed to the envelope, what is left
/// goes back: so it can be replaced at a higher feerate (BIP 125) without another coin and without another envelope.
/// </summary>
/// <param name="Envelope">What it shows; spent by the operator's key.</param>
/// <param name="Anchor">The anchor that it spends; null for a genesis or a forced post.</param>
/// <param name="Commitment">The output that committed to the envelope.</param>
/// <param name="CommitmentValue">What that output holds.</param>
/// <param name="MakesAnchor">Whether its first output is an anchor: for genesis and batches.</param>
public sealed record AnchorTransaction(Envelope Envelope, OutPoint? Anchor, OutPoint Commitment, Satoshis CommitmentValue, bool MakesAnchor)
{
    // Below it nodes do not relay a taproot output (Bitcoin Core's dust limit at 3 sat/vB).
    private static readonly Satoshis s_dust = new(330);

    /// <summary>What the committing output has to hold so that the transaction can pay a feerate.</summary>
    public static Satoshis ValueFor(Envelope envelope, bool spendsAnchor, bool makesAnchor, Script change, FeeratePerKvB feerate)
    {
        var draft = new AnchorTransaction(envelope, spendsAnchor ? default(OutPoint) : null, default, Satoshis.MaxMoney, makesAnchor);
        var fee = feerate.FeeFor(draft.Draft(Satoshis.Zero, change, withSignatures: true).VirtualSize);
        return fee + s_dust + (makesAnchor && !spendsAnchor ? AnchorOutputs.AnchorValue : Satoshis.Zero);
    }

    /// <summary>Its size in virtual bytes, signatures included.</summary>
    public int SizeWith(Script change) => Draft(Satoshis.Zero, change, withSignatures: true).VirtualSize;

    /// <summary>The highest feerate that the commitment can pay.</summary>
    public FeeratePerKvB FeerateMax(Script change)
    {
        var kept = s_dust + (MakesAnchor ? AnchorOutputs.AnchorValue : Satoshis.Zero);
        return Inputs() > kept ? FeeratePerKvB.Of(Inputs() - kept, SizeWith(change)) : default;
    }

    /// <summary>Builds and signs it.</summary>
    /// <param name="feerate">What it pays.</param>
    /// <param name="change">Where what is left goes.</param>
    /// <param name="key">The key of the envelope, which is the operator's for genesis and batches.</param>
    /// <param name="entropy">For the signatures.</param>
    public Result<Transaction, Refusal> Sign(FeeratePerKvB feerate, Script change, SecretKey key, IEntropy entropy)
    {
        var fee = feerate.FeeFor(SizeWith(change));
        var left = Inputs() - fee - (MakesAnchor ? AnchorOutputs.AnchorValue : Satoshis.Zero);
        if (left < s_dust)
            return new Refusal("feerate", $"{feerate} costs {fee}, more than the {CommitmentValue} committed to this anchor can pay");
        var unsigned = Draft(left, change, withSignatures: false);
        var spent = Spent();
        var cache = new PrecomputedTransactionData(unsigned, spent, forSigning: true);
        var inputs = unsigned.Inputs.ToArray();
        if (Anchor is not null)
        {
            var tweak = TaprootOutput.Tweak(Envelope.Key, null);
            if (!key.TweakAddXOnly(tweak.Span, out var tweaked))
                return new Refusal("key", "cannot be tweaked");
            using (tweaked)
                inputs[0] = inputs[0] with { Witness = Witness.Of(Signature(tweaked, SignatureHash.Taproot(unsigned, 0, spent, SighashType.Default, cache: cache), entropy)) };
        }

        var output = AnchorOutputs.Commitment(Envelope);
        var leaf = output.Tree!.Leaves[0];
        var last = inputs.Length - 1;
        var hash = SignatureHash.Taproot(unsigned, last, spent, SighashType.Default, leafHash: leaf.Hash, cache: cache);
        inputs[last] = inputs[last] with { Witness = Witness.Of(Signature(key, hash, entropy), leaf.Script.ToArray(), output.ControlBlock(0)) };
        return unsigned.WithInputs(inputs);
    }

    private static byte[] Signature(SecretKey key, Bytes32 hash, IEntropy entropy)
    {
        var signature = new byte[64];
        Schnorr.Sign(key, hash.Span, entropy, signature);
        return signature;
    }

    private Satoshis Inputs() => CommitmentValue + (Anchor is null ? Satoshis.Zero : AnchorOutputs.AnchorValue);

    private TxOut[] Spent()
    {
        var commitment = new TxOut(CommitmentValue, AnchorOutputs.Commitment(Envelope).ScriptPubKey);
        return Anchor is null ? [commitment] : [new(AnchorOutputs.AnchorValue, AnchorOutputs.Anchor(Envelope.Key)), commitment];
    }

    private Transaction Draft(Satoshis left, Script change, bool withSignatures)
    {
        var signature = new byte[withSignatures ? 64 : 0];
        var shown = new TxIn(Commitment);
        if (withSignatures)
        {
            var output = AnchorOutputs.Commitment(Envelope);
            shown = shown with { Witness = Witness.Of(signature, output.Tree!.Leaves[0].Script.ToArray(), output.ControlBlock(0)) };
        }

        var moved = new TxIn(Anchor ?? default);
        if (withSignatures)
            moved = moved with { Witness = Witness.Of(signature) };
        TxIn[] inputs = Anchor is null ? [shown] : [moved, shown];
        TxOut[] outputs = MakesAnchor
            ? [new(AnchorOutputs.AnchorValue, AnchorOutputs.Anchor(Envelope.Key)), new(left, change)]
            : [new(left, change)];
        return Transaction.Create(2, inputs, outputs);
    }
}
