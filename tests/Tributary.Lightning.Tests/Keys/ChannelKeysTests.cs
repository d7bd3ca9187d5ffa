using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Keys;

/// <summary>Every signature, judged by the script interpreter on the output that it is for.</summary>
public sealed class ChannelKeysTests
{
    private static readonly Bytes32 s_preimage = Hashes.Sha256("preimage"u8);

    public static TheoryData<CommitmentFormat> Formats => [CommitmentFormat.StaticRemoteKey, CommitmentFormat.AnchorsZeroFeeHtlc];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Both_sides_signatures_open_the_funding_output(CommitmentFormat format)
    {
        var pair = new ChannelPair(format);
        for (var side = 0; side < 2; side++)
        {
            var commitment = Commitment(pair, side, 5);
            var signed = commitment.Sign(pair.Keys[side].SignCommitment(commitment), pair.Keys[1 - side].SignCommitment(commitment));
            Verify(signed, 0, commitment.Contract.FundingOutput);
        }
    }

    [Theory]
    [InlineData(CommitmentFormat.StaticRemoteKey, 2)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc, 2)]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc, 64)]
    public void The_peers_HTLC_transactions_open_with_our_signatures(CommitmentFormat format, int htlcs)
    {
        var pair = new ChannelPair(format);
        var commitment = Commitment(pair, 1, htlcs);
        var byUs = pair.Keys[0].SignPeerHtlcs(commitment);
        Assert.Equal(htlcs, byUs.Length);
        for (var i = 0; i < htlcs; i++)
        {
            var transaction = HtlcTransaction.Build(commitment, commitment.Htlcs[i]);
            var byPeer = pair.Keys[1].SignHtlcTransaction(transaction);
            Verify(transaction.Sign(byPeer, byUs[i], commitment.Htlcs[i].Htlc.IsOffered ? null : s_preimage), 0, transaction.Spent);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_delayed_output_opens_for_its_broadcaster_and_for_the_other_once_it_is_revoked(CommitmentFormat format)
    {
        var pair = new ChannelPair(format);
        var commitment = Commitment(pair, 1, 2);
        var spent = commitment.Unsigned.Output(commitment.ToBroadcasterIndex);
        var script = commitment.RevocableScript;
        var outPoint = commitment.Unsigned.OutPointOf(commitment.ToBroadcasterIndex);
        var delayed = Spend(outPoint, commitment.Contract.ToSelfDelay);
        Verify(
            WithWitness(delayed, CommitmentWitness.Delayed(
                pair.Keys[1].SignDelayed(delayed, 0, spent.Value, script, commitment.State.Keys.PerCommitmentPoint), script)),
            0,
            spent);
        var revoked = Spend(outPoint, 0);
        Verify(
            WithWitness(revoked, CommitmentWitness.RevokedDelayed(pair.Keys[0].SignRevoked(revoked, 0, spent.Value, script, pair.Secret(1, 7)), script)),
            0,
            spent);
        foreach (var htlc in commitment.Htlcs)
        {
            var output = commitment.Unsigned.Output(htlc.Index);
            var spend = Spend(commitment.Unsigned.OutPointOf(htlc.Index), 0);
            var signature = pair.Keys[0].SignRevoked(spend, 0, output.Value, htlc.WitnessScript, pair.Secret(1, 7));
            Verify(WithWitness(spend, CommitmentWitness.RevokedHtlc(signature, commitment.State.Keys.RevocationKey, htlc.WitnessScript)), 0, output);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_countersigner_opens_its_own_output_and_HTLCs(CommitmentFormat format)
    {
        var pair = new ChannelPair(format);
        var commitment = Commitment(pair, 1, 2);
        var index = commitment.ToCountersignerIndex;
        var spent = commitment.Unsigned.Output(index);
        var spend = Spend(commitment.Unsigned.OutPointOf(index), 1);
        var signature = pair.Keys[0].SignToRemote(spend, 0, spent.Value, format.HasAnchors());
        var key = pair.Keys[0].Basepoints.Payment;
        Verify(
            WithWitness(spend, format.HasAnchors()
                ? CommitmentWitness.ToRemoteWithAnchors(signature, CommitmentScripts.ToRemoteWithAnchors(key))
                : CommitmentWitness.ToRemoteWithoutAnchors(signature, key)),
            0,
            spent);
        foreach (var htlc in commitment.Htlcs)
        {
            var output = commitment.Unsigned.Output(htlc.Index);
            var claim = Spend(commitment.Unsigned.OutPointOf(htlc.Index), 1, htlc.Htlc.IsOffered ? 0 : htlc.Htlc.CltvExpiry);
            var byUs = pair.Keys[0].SignHtlcClaim(claim, 0, output.Value, htlc.WitnessScript, commitment.State.Keys.PerCommitmentPoint);
            Verify(
                WithWitness(claim, htlc.Htlc.IsOffered
                    ? CommitmentWitness.OfferedHtlcByPreimage(byUs, s_preimage, htlc.WitnessScript)
                    : CommitmentWitness.ReceivedHtlcByTimeout(byUs, htlc.WitnessScript)),
                0,
                output);
        }
    }

    [Fact]
    public void Each_side_opens_its_anchor_in_either_commitment()
    {
        var pair = new ChannelPair(CommitmentFormat.AnchorsZeroFeeHtlc);
        for (var side = 0; side < 2; side++)
        {
            var commitment = Commitment(pair, side, 2);
            foreach (var (owner, index) in new[] { (side, commitment.BroadcasterAnchorIndex), (1 - side, commitment.CountersignerAnchorIndex) })
            {
                var spend = Spend(commitment.Unsigned.OutPointOf(index), 0);
                var witness = CommitmentWitness.Anchor(pair.Keys[owner].SignAnchor(spend, 0), CommitmentScripts.Anchor(pair.Keys[owner].Basepoints.Funding));
                Verify(WithWitness(spend, witness), 0, commitment.Unsigned.Output(index));
            }
        }
    }

    [Fact]
    public void Both_sides_signatures_close_the_channel()
    {
        var pair = new ChannelPair(CommitmentFormat.AnchorsZeroFeeHtlc);
        var closing = ClosingTransaction.Build(
            pair.Contract(0),
            new ClosingShare(new MilliSatoshis(6_000_000_000), CommitmentScripts.ToRemoteWithoutAnchors(pair.Keys[0].Basepoints.Payment)),
            new ClosingShare(new MilliSatoshis(4_000_000_000), CommitmentScripts.ToRemoteWithoutAnchors(pair.Keys[1].Basepoints.Payment)),
            new Satoshis(1000),
            new Satoshis(354));
        Verify(closing.Sign(pair.Keys[0].SignClosing(closing), pair.Keys[1].SignClosing(closing)), 0, pair.Contract(0).FundingOutput);
    }

    private static CommitmentTransaction Commitment(ChannelPair pair, int broadcaster, int htlcs) => CommitmentTransaction.Build(
        pair.Contract(broadcaster),
        pair.State(
            broadcaster,
            7,
            4_000_000_000,
            3_000_000_000,
            [.. Enumerable.Range(0, htlcs).Select(static i => new CommittedHtlc(i % 2 == 0, (ulong)i, new MilliSatoshis(20_000_000 + i), Hashes.Sha256(s_preimage.Span), 500u + (uint)i))]));

    private static Transaction Spend(OutPoint outPoint, uint sequence, uint lockTime = 0) => Transaction.Create(
        2, [new TxIn(outPoint, sequence)], [new TxOut(new Satoshis(300), StandardScripts.P2wpkh(new byte[20]))], lockTime);

    private static Transaction WithWitness(Transaction transaction, Witness witness) => transaction.WithInputs([transaction.Input(0) with { Witness = witness }]);

    private static void Verify(Transaction transaction, int input, TxOut spent) =>
        Assert.Equal(ScriptError.Ok, TransactionVerifier.VerifyInput(transaction, input, [spent], ScriptFlags.Standard));
}
