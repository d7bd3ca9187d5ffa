using System.Text.Json;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Commitments;

public sealed class CommitmentVectorTests
{
    [Fact]
    public void Channels_with_static_remotekey_have_the_transactions_of_BOLT_3()
    {
        foreach (var vector in StaticRemoteKeyVectors.Rows)
            AssertVector(CommitmentFormat.StaticRemoteKey, vector);
    }

    [Theory]
    [InlineData(CommitmentFormat.AnchorsZeroFeeHtlc, "bolt03_commitment_zero_fee_htlc_tx.json", 9)]
    [InlineData(CommitmentFormat.AnchorsWithHtlcFees, "bolt03_commitment_anchors.json", 14)]
    [InlineData(CommitmentFormat.Legacy, "bolt03_commitment_legacy.json", 14)]
    public void Channels_of_the_other_formats_have_the_transactions_of_their_vectors(CommitmentFormat format, string file, int rows)
    {
        using var vectors = Vectors.Json($"lightning/{file}");
        Assert.Equal(rows, vectors.RootElement.GetArrayLength());
        foreach (var row in vectors.RootElement.EnumerateArray())
        {
            AssertVector(format, new CommitmentVector(
                row.GetProperty("Name").GetString()!,
                row.GetProperty("LocalBalance").GetInt64(),
                row.GetProperty("RemoteBalance").GetInt64(),
                row.TryGetProperty("DustLimitSatoshis", out var dustLimit) ? dustLimit.GetInt64() : 546,
                row.GetProperty("FeePerKw").GetInt64(),
                row.GetProperty("UseTestHtlcs").GetBoolean(),
                Text(row, "RemoteSigHex"),
                Text(row, "ExpectedCommitmentTxHex"),
                [.. row.GetProperty("HtlcDescs").EnumerateArray().Select(static htlc => (Text(htlc, "RemoteSigHex"), Text(htlc, "ResolutionTxHex")))]));
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    // Builds, signs as the vector's local side does, takes the remote side's signatures from the vector, and lets our verifier judge.
    private static void AssertVector(CommitmentFormat format, CommitmentVector vector)
    {
        var commitment = VectorChannel.Build(format, vector);
        var remoteSignature = VectorChannel.Signature(vector.RemoteSignature);
        Assert.True(Ecdsa.Verify(VectorChannel.Remote.Funding, remoteSignature.Span, commitment.SignatureHash().Span), vector.Name);
        var signed = commitment.Sign(VectorChannel.Sign(VectorChannel.LocalFundingSecret, commitment.SignatureHash()), remoteSignature);
        Assert.Equal(vector.Commitment, signed.ToHex());
        VectorChannel.AssertSpends(signed, commitment.Contract.FundingOutput);
        Assert.True(CommitmentNumber.TryReveal(signed.LockTime, signed.Sequence(0), commitment.Contract.ObscuringFactor, out var number));
        Assert.Equal(VectorChannel.Number, number);

        Assert.Equal(vector.HtlcTransactions.Length, commitment.Htlcs.Count);
        for (var i = 0; i < commitment.Htlcs.Count; i++)
        {
            var htlc = HtlcTransaction.Build(commitment, commitment.Htlcs[i]);
            var bySigner = VectorChannel.Signature(vector.HtlcTransactions[i].RemoteSignature);
            Assert.True(Ecdsa.Verify(commitment.State.Keys.CountersignerHtlcKey, bySigner.Span, htlc.CountersignerHash().Span), vector.Name);
            var resolved = htlc.Sign(
                VectorChannel.Sign(VectorChannel.LocalHtlcSecret, htlc.BroadcasterHash()),
                bySigner,
                htlc.Output.Htlc.IsOffered ? null : VectorChannel.Preimage((int)htlc.Output.Htlc.Id));
            Assert.Equal(vector.HtlcTransactions[i].Transaction, resolved.ToHex());
            VectorChannel.AssertSpends(resolved, htlc.Spent);
        }
    }
}
