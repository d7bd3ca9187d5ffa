using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Commitments;

/// <summary>A commitment transaction (BOLT 3) and which of its outputs is what. Both sides build it alike from the same state.</summary>
public sealed class CommitmentTransaction
{
    private CommitmentTransaction(
        CommitmentContract contract, CommitmentState state, Transaction unsigned, List<HtlcOutput> htlcs, Script revocableScript, Script revocableOutput)
    {
        Contract = contract;
        State = state;
        Unsigned = unsigned;
        Htlcs = htlcs;
        RevocableScript = revocableScript;
        RevocableOutput = revocableOutput;
    }

    public CommitmentContract Contract { get; }

    public CommitmentState State { get; }

    /// <summary>Without its witness: the id is final.</summary>
    public Transaction Unsigned { get; }

    /// <summary>The HTLCs with outputs, in the order of the outputs: that of the signatures in <c>commitment_signed</c>.</summary>
    public IReadOnlyList<HtlcOutput> Htlcs { get; }

    /// <summary>The broadcaster's own output; −1 when it is trimmed.</summary>
    public int ToBroadcasterIndex { get; private init; }

    /// <summary>The countersigner's output; −1 when it is trimmed.</summary>
    public int ToCountersignerIndex { get; private init; }

    /// <summary>The broadcaster's anchor; −1 for none.</summary>
    public int BroadcasterAnchorIndex { get; private init; }

    /// <summary>The countersigner's anchor; −1 for none.</summary>
    public int CountersignerAnchorIndex { get; private init; }

    /// <summary>What goes to the miners: the fee and all that is trimmed.</summary>
    public Satoshis Fee
    {
        get
        {
            var fee = Contract.FundingAmount;
            foreach (var output in Unsigned.Outputs)
                fee -= output.Value;
            return fee;
        }
    }

    /// <summary>The witness script of the broadcaster's own output and of its HTLC transactions' outputs.</summary>
    public Script RevocableScript { get; }

    /// <summary>The output script that pays <see cref="RevocableScript"/>: made once, since every HTLC transaction pays it.</summary>
    public Script RevocableOutput { get; }

    /// <summary>Builds the transaction of a state.</summary>
    public static CommitmentTransaction Build(CommitmentContract contract, CommitmentState state)
    {
        var revocable = CommitmentScripts.RevocableDelayed(state.Keys.RevocationKey, contract.ToSelfDelay, state.Keys.BroadcasterDelayedKey);
        var revocableOutput = StandardScripts.P2wshOf(revocable);
        var planned = Plan(contract, state, revocable, revocableOutput);

        // BIP 69, and equal HTLC outputs by their expiry: the peer's signatures come in this order.
        planned.Sort(static (left, right) =>
        {
            var order = left.Output.Value.CompareTo(right.Output.Value);
            if (order == 0)
                order = left.Output.ScriptPubKey.Span.SequenceCompareTo(right.Output.ScriptPubKey.Span);
            if (order == 0)
                order = left.Htlc.CltvExpiry.CompareTo(right.Htlc.CltvExpiry);
            return order != 0 ? order : left.Htlc.Id.CompareTo(right.Htlc.Id);
        });

        var htlcs = new List<HtlcOutput>();
        var outputs = new TxOut[planned.Count];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = planned[i].Output;
            if (planned[i].Role == Role.Htlc)
                htlcs.Add(new HtlcOutput(i, planned[i].Htlc, planned[i].WitnessScript));
        }

        var (lockTime, sequence) = CommitmentNumber.Obscure(state.Number, contract.ObscuringFactor);
        var unsigned = Transaction.Create(2, [new TxIn(contract.Funding, sequence)], outputs, lockTime);
        return new CommitmentTransaction(contract, state, unsigned, htlcs, revocable, revocableOutput)
        {
            ToBroadcasterIndex = planned.FindIndex(static output => output.Role == Role.ToBroadcaster),
            ToCountersignerIndex = planned.FindIndex(static output => output.Role == Role.ToCountersigner),
            BroadcasterAnchorIndex = planned.FindIndex(static output => output.Role == Role.BroadcasterAnchor),
            CountersignerAnchorIndex = planned.FindIndex(static output => output.Role == Role.CountersignerAnchor),
        };
    }

    /// <summary>What both sides sign.</summary>
    public Bytes32 SignatureHash() => Bitcoin.Scripts.SignatureHash.SegwitV0(
        Unsigned, 0, Contract.FundingScript.Span, Contract.FundingAmount, SighashType.All);

    /// <summary>The transaction with both signatures, ready to broadcast. Handle with care: broadcasting a revoked one loses the balance.</summary>
    public Transaction Sign(CompactSignature byBroadcaster, CompactSignature byCountersigner)
    {
        var input = Unsigned.Input(0);
        var witness = CommitmentWitness.Funding(
            Contract.BroadcasterFundingKey, byBroadcaster, Contract.CountersignerFundingKey, byCountersigner, Contract.FundingScript);
        return Unsigned.WithInputs([input with { Witness = witness }]);
    }

    private static List<PlannedOutput> Plan(CommitmentContract contract, CommitmentState state, Script revocable, Script revocableOutput)
    {
        var keys = state.Keys;
        var hasAnchors = contract.Format.HasAnchors();
        var planned = new List<PlannedOutput>();
        foreach (var htlc in state.Htlcs)
        {
            if (CommitmentFees.IsTrimmed(contract.Format, state.Feerate, contract.DustLimit, htlc))
                continue;
            var script = htlc.IsOffered
                ? CommitmentScripts.OfferedHtlc(keys, htlc.PaymentHash, hasAnchors)
                : CommitmentScripts.ReceivedHtlc(keys, htlc.PaymentHash, htlc.CltvExpiry, hasAnchors);
            planned.Add(PlannedOutput.Of(Role.Htlc, htlc.Amount.FloorToSatoshis(), script, htlc));
        }

        var htlcs = planned.Count;
        var cost = CommitmentFees.CommitmentFee(contract.Format, state.Feerate, htlcs) + CommitmentFees.AnchorsCost(contract.Format);
        var toBroadcaster = Pay(state.ToBroadcaster, contract.BroadcasterIsOpener ? cost : Satoshis.Zero);
        var toCountersigner = Pay(state.ToCountersigner, contract.BroadcasterIsOpener ? Satoshis.Zero : cost);
        if (toBroadcaster >= contract.DustLimit)
        {
            planned.Add(new PlannedOutput(Role.ToBroadcaster, new TxOut(toBroadcaster, revocableOutput), revocable, default));
        }

        if (toCountersigner >= contract.DustLimit)
        {
            planned.Add(hasAnchors
                ? PlannedOutput.Of(Role.ToCountersigner, toCountersigner, CommitmentScripts.ToRemoteWithAnchors(keys.CountersignerPaymentKey))
                : new PlannedOutput(
                    Role.ToCountersigner,
                    new TxOut(toCountersigner, CommitmentScripts.ToRemoteWithoutAnchors(keys.CountersignerPaymentKey)),
                    Script.Empty,
                    default));
        }

        if (hasAnchors && (htlcs > 0 || toBroadcaster >= contract.DustLimit))
            planned.Add(PlannedOutput.Of(Role.BroadcasterAnchor, CommitmentFees.AnchorAmount, CommitmentScripts.Anchor(contract.BroadcasterFundingKey)));
        if (hasAnchors && (htlcs > 0 || toCountersigner >= contract.DustLimit))
            planned.Add(PlannedOutput.Of(Role.CountersignerAnchor, CommitmentFees.AnchorAmount, CommitmentScripts.Anchor(contract.CountersignerFundingKey)));
        return planned;
    }

    // A funder that cannot pay in full pays what it has (BOLT 3, "Fee Payment").
    private static Satoshis Pay(MilliSatoshis balance, Satoshis cost)
    {
        var left = balance.FloorToSatoshis() - cost;
        return left < Satoshis.Zero ? Satoshis.Zero : left;
    }

    private enum Role
    {
        Htlc,
        ToBroadcaster,
        ToCountersigner,
        BroadcasterAnchor,
        CountersignerAnchor,
    }

    private readonly record struct PlannedOutput(Role Role, TxOut Output, Script WitnessScript, CommittedHtlc Htlc)
    {
        internal static PlannedOutput Of(Role role, Satoshis amount, Script witnessScript, CommittedHtlc htlc = default) =>
            new(role, new TxOut(amount, StandardScripts.P2wshOf(witnessScript)), witnessScript, htlc);
    }
}
