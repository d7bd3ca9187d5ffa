using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Tests.Commitments;

/// <summary>Every way to spend an output of BOLT 3, judged by our own verifier: the right one passes, and one thing wrong does not.</summary>
public sealed class CommitmentWitnessTests
{
    private static readonly CommitmentVector s_five = new("five HTLCs", 6988000000, 3000000000, 546, 644, HasHtlcs: true, "", "", []);

    [Theory]
    [InlineData(CommitmentFormat.StaticRemoteKey)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc)]
    public void The_delayed_output_opens_after_the_delay_or_with_the_revocation_key(CommitmentFormat format)
    {
        var commitment = VectorChannel.Build(format, s_five);
        var script = commitment.RevocableScript;
        AssertSpend(commitment, commitment.ToBroadcasterIndex, script, 144, VectorChannel.LocalDelayedSecret, signature => CommitmentWitness.Delayed(signature, script));
        AssertRefused(commitment, commitment.ToBroadcasterIndex, script, 143, VectorChannel.LocalDelayedSecret, signature => CommitmentWitness.Delayed(signature, script));
        AssertSpend(commitment, commitment.ToBroadcasterIndex, script, 0, RevocationSecret(), signature => CommitmentWitness.RevokedDelayed(signature, script));
        AssertRefused(commitment, commitment.ToBroadcasterIndex, script, 0, VectorChannel.LocalDelayedSecret, signature => CommitmentWitness.RevokedDelayed(signature, script));
    }

    [Fact]
    public void The_countersigners_output_opens_with_its_payment_key()
    {
        var anchors = VectorChannel.Build(CommitmentFormat.AnchorsZeroFeeHtlc, s_five);
        var script = CommitmentScripts.ToRemoteWithAnchors(anchors.State.Keys.CountersignerPaymentKey);
        AssertSpend(anchors, anchors.ToCountersignerIndex, script, 1, VectorChannel.RemotePaymentSecret, signature => CommitmentWitness.ToRemoteWithAnchors(signature, script));
        AssertRefused(anchors, anchors.ToCountersignerIndex, script, 0, VectorChannel.RemotePaymentSecret, signature => CommitmentWitness.ToRemoteWithAnchors(signature, script));

        var plain = VectorChannel.Build(CommitmentFormat.StaticRemoteKey, s_five);
        var key = plain.State.Keys.CountersignerPaymentKey;
        Span<byte> hash = stackalloc byte[20];
        Hashes.Hash160(key.ToBytes(), hash);
        AssertSpend(
            plain,
            plain.ToCountersignerIndex,
            StandardScripts.P2pkh(hash),
            0,
            VectorChannel.RemotePaymentSecret,
            signature => CommitmentWitness.ToRemoteWithoutAnchors(signature, key));
    }

    [Fact]
    public void An_anchor_opens_with_the_funding_key_or_for_anyone_after_sixteen_blocks()
    {
        var commitment = VectorChannel.Build(CommitmentFormat.AnchorsZeroFeeHtlc, s_five);
        foreach (var (index, secret) in new[]
        {
            (commitment.BroadcasterAnchorIndex, VectorChannel.LocalFundingSecret), (commitment.CountersignerAnchorIndex, VectorChannel.RemoteFundingSecret),
        })
        {
            var script = CommitmentScripts.Anchor(secret.PublicKey);
            AssertSpend(commitment, index, script, 0, secret, signature => CommitmentWitness.Anchor(signature, script));
            AssertSpend(commitment, index, script, 16, secret, _ => CommitmentWitness.AnchorByAnyone(script));
            AssertRefused(commitment, index, script, 15, secret, _ => CommitmentWitness.AnchorByAnyone(script));
        }
    }

    [Theory]
    [InlineData(CommitmentFormat.StaticRemoteKey)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc)]
    public void The_countersigner_takes_offered_HTLCs_by_preimage_received_ones_by_timeout_and_revoked_ones_at_once(CommitmentFormat format)
    {
        var commitment = VectorChannel.Build(format, s_five);
        Assert.Equal(5, commitment.Htlcs.Count);
        foreach (var output in commitment.Htlcs)
        {
            var script = output.WitnessScript;
            var preimage = VectorChannel.Preimage((int)output.Htlc.Id);
            if (output.Htlc.IsOffered)
            {
                AssertSpend(commitment, output.Index, script, 1, VectorChannel.RemoteHtlcSecret, signature => CommitmentWitness.OfferedHtlcByPreimage(signature, preimage, script));
                AssertRefused(commitment, output.Index, script, 1, VectorChannel.RemoteHtlcSecret, signature => CommitmentWitness.OfferedHtlcByPreimage(signature, VectorChannel.Preimage(0), script));
            }
            else
            {
                AssertSpend(commitment, output.Index, script, 1, VectorChannel.RemoteHtlcSecret, signature => CommitmentWitness.ReceivedHtlcByTimeout(signature, script), output.Htlc.CltvExpiry);
                AssertRefused(commitment, output.Index, script, 1, VectorChannel.RemoteHtlcSecret, signature => CommitmentWitness.ReceivedHtlcByTimeout(signature, script), output.Htlc.CltvExpiry - 1);
            }

            var revocation = RevocationSecret();
            AssertSpend(commitment, output.Index, script, 0, revocation, signature => CommitmentWitness.RevokedHtlc(signature, revocation.PublicKey, script));
        }
    }

    [Fact]
    public void An_HTLC_transaction_with_anchors_takes_inputs_and_outputs_for_its_fee()
    {
        var commitment = VectorChannel.Build(CommitmentFormat.AnchorsZeroFeeHtlc, s_five);
        foreach (var output in commitment.Htlcs)
        {
            var htlc = HtlcTransaction.Build(commitment, output);
            var byCountersigner = VectorChannel.Sign(VectorChannel.RemoteHtlcSecret, htlc.CountersignerHash());
            var feeKey = TestKeys.Secret(0x77).PublicKey;
            var change = new TxOut(new Satoshis(9_000), CommitmentScripts.ToRemoteWithoutAnchors(feeKey));
            var spentForFee = change with { Value = new Satoshis(10_000) };
            var extended = Transaction.Create(
                2,
                [htlc.Unsigned.Input(0), new TxIn(new OutPoint(commitment.Contract.Funding.TxId, 7), 0)],
                [htlc.Unsigned.Output(0), change],
                htlc.Unsigned.LockTime);
            var witness = htlc.Witness(
                VectorChannel.Sign(VectorChannel.LocalHtlcSecret, htlc.BroadcasterHash(extended)),
                byCountersigner,
                output.Htlc.IsOffered ? null : VectorChannel.Preimage((int)output.Htlc.Id));
            extended = extended.WithInputs([extended.Input(0) with { Witness = witness }, extended.Input(1)]);
            Assert.Equal(ScriptError.Ok, TransactionVerifier.VerifyInput(extended, 0, [htlc.Spent, spentForFee], ScriptFlags.Standard));
        }
    }

    [Fact]
    public void A_preimage_goes_with_HTLC_success_alone()
    {
        var commitment = VectorChannel.Build(CommitmentFormat.AnchorsZeroFeeHtlc, s_five);
        var offered = HtlcTransaction.Build(commitment, commitment.Htlcs.First(static output => output.Htlc.IsOffered));
        var received = HtlcTransaction.Build(commitment, commitment.Htlcs.First(static output => !output.Htlc.IsOffered));
        Assert.Throws<ArgumentException>(() => offered.Sign(default, default, VectorChannel.Preimage(0)));
        Assert.Throws<ArgumentException>(() => received.Sign(default, default, preimage: null));
    }

    [Theory]
    [InlineData(true, 5_999_000, 4_000_000)]
    [InlineData(false, 6_000_000, 3_999_000)]
    public void A_closing_transaction_spends_the_funding_and_the_opener_pays(bool broadcasterIsOpener, long first, long second)
    {
        var contract = VectorChannel.Contract(CommitmentFormat.AnchorsZeroFeeHtlc) with { BroadcasterIsOpener = broadcasterIsOpener };
        var broadcaster = new ClosingShare(new MilliSatoshis(6_000_000_999), CommitmentScripts.ToRemoteWithoutAnchors(VectorChannel.Local.Payment));
        var countersigner = new ClosingShare(new MilliSatoshis(4_000_000_000), CommitmentScripts.ToRemoteWithoutAnchors(VectorChannel.Remote.Payment));
        var closing = ClosingTransaction.Build(contract, broadcaster, countersigner, new Satoshis(1000), new Satoshis(354));
        var signed = closing.Sign(
            VectorChannel.Sign(VectorChannel.LocalFundingSecret, closing.SignatureHash()),
            VectorChannel.Sign(VectorChannel.RemoteFundingSecret, closing.SignatureHash()));
        VectorChannel.AssertSpends(signed, contract.FundingOutput);
        Assert.Equal([second, first], signed.Outputs.Select(static output => output.Value.Value));
    }

    [Fact]
    public void A_closing_transaction_leaves_dust_out_and_the_opener_must_have_the_fee()
    {
        var contract = VectorChannel.Contract(CommitmentFormat.AnchorsZeroFeeHtlc);
        var all = new ClosingShare(new MilliSatoshis(9_999_700_000), CommitmentScripts.ToRemoteWithoutAnchors(VectorChannel.Local.Payment));
        var dust = new ClosingShare(new MilliSatoshis(300_000), CommitmentScripts.ToRemoteWithoutAnchors(VectorChannel.Remote.Payment));
        Assert.Equal(1, ClosingTransaction.Build(contract, all, dust, new Satoshis(1000), new Satoshis(354)).Unsigned.OutputCount);
        Assert.Throws<ArgumentOutOfRangeException>(() => ClosingTransaction.Build(contract, dust, all, new Satoshis(1000), new Satoshis(354)));
    }

    private static SecretKey RevocationSecret() =>
        KeyDerivation.TryDeriveRevocationSecret(VectorChannel.RemoteRevocationBasepointSecret, VectorChannel.PerCommitmentSecret, out var secret)
            ? secret
            : throw new InvalidOperationException();

    private static void AssertSpend(
        CommitmentTransaction commitment, int index, Script scriptCode, uint sequence, SecretKey key, Func<CompactSignature, Witness> witness, uint lockTime = 0) =>
        Assert.Equal(ScriptError.Ok, Spend(commitment, index, scriptCode, sequence, key, witness, lockTime));

    private static void AssertRefused(
        CommitmentTransaction commitment, int index, Script scriptCode, uint sequence, SecretKey key, Func<CompactSignature, Witness> witness, uint lockTime = 0) =>
        Assert.NotEqual(ScriptError.Ok, Spend(commitment, index, scriptCode, sequence, key, witness, lockTime));

    private static ScriptError Spend(
        CommitmentTransaction commitment, int index, Script scriptCode, uint sequence, SecretKey key, Func<CompactSignature, Witness> witness, uint lockTime)
    {
        var spent = commitment.Unsigned.Output(index);
        var destination = CommitmentScripts.ToRemoteWithoutAnchors(key.PublicKey);
        var unsigned = Transaction.Create(2, [new TxIn(commitment.Unsigned.OutPointOf(index), sequence)], [new TxOut(new Satoshis(300), destination)], lockTime);
        var hash = SignatureHash.SegwitV0(unsigned, 0, scriptCode.Span, spent.Value, SighashType.All);
        var signed = unsigned.WithInputs([unsigned.Input(0) with { Witness = witness(VectorChannel.Sign(key, hash)) }]);
        return TransactionVerifier.VerifyInput(signed, 0, [spent], ScriptFlags.Standard);
    }
}
