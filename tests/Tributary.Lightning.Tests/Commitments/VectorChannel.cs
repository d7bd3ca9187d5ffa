using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Commitments;

/// <summary>The channel of BOLT 3, appendix C, with all secrets of its local side and those of the remote side that are given.</summary>
internal static class VectorChannel
{
    internal const ulong Number = 42;

    internal static readonly PublicKey PerCommitmentPoint = TestKeys.Public("025f7117a78150fe2ef97db7cfc83bd57b2e2c0d0dd25eaf467a4a1c2a45ce1486");
    internal static readonly SecretKey PerCommitmentSecret = TestKeys.Secret("1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100");
    internal static readonly SecretKey LocalFundingSecret = TestKeys.Secret("30ff4956bbdd3222d44cc5e8a1261dab1e07957bdac5ae88fe3261ef321f3749");
    internal static readonly SecretKey RemoteFundingSecret = TestKeys.Secret("1552dfba4f6cf29a62a0af13c8d6981d36d0ef8d61ba10fb0fe90da7634d7e13");
    internal static readonly SecretKey LocalHtlcSecret = TestKeys.Secret("bb13b121cdc357cd2e608b0aea294afca36e2b34cf958e2e6451a2f274694491");
    internal static readonly SecretKey RemoteHtlcSecret = TestKeys.Secret("8deba327a7cc6d638ab0eb025770400a6184afcba6713c210d8d10e199ff2fda");
    internal static readonly SecretKey RemotePaymentSecret = TestKeys.Secret(0x44);
    internal static readonly SecretKey LocalDelayedSecret = TestKeys.Secret("adf3464ce9c2f230fd2582fda4c6965e4993ca5524e8c9580e3df0cf226981ad");
    internal static readonly SecretKey RemoteRevocationBasepointSecret = TestKeys.Secret(0x22);

    internal static readonly ChannelBasepoints Local = new(
        TestKeys.Public("023da092f6980e58d2c037173180e9a465476026ee50f96695963e8efe436f54eb"),
        TestKeys.Secret(0x55).PublicKey,
        TestKeys.Public("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa"),
        TestKeys.Public("023c72addb4fdf09af94f0c94d7fe92a386a7e70cf8a1d85916386bb2535c7b1b1"),
        TestKeys.Public("034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa"));

    internal static readonly ChannelBasepoints Remote = new(
        TestKeys.Public("030e9f7b623d2ccc7c9bd44d66d5ce21ce504c0acf6385a132cec6d3c39fa711c1"),
        TestKeys.Public("02466d7fcae563e5cb09a0d1870bb580344804617879a14949cf22285f1bae3f27"),
        TestKeys.Public("032c0b7cf95324a07d05398b240174dc0c2be444d96b159aa6c7f7b1e668680991"),
        TestKeys.Secret(0x66).PublicKey,
        TestKeys.Public("032c0b7cf95324a07d05398b240174dc0c2be444d96b159aa6c7f7b1e668680991"));

    internal static CommitmentContract Contract(CommitmentFormat format, long dustLimit = 546) => new()
    {
        Format = format,
        Funding = new OutPoint(TxId.TryParse("8984484a580b825b9972d7adb15050b3ab624ccd731946b3eeddb92f4e7ef6be", out var id) ? id : default, 0),
        FundingAmount = new Satoshis(10_000_000),
        BroadcasterFundingKey = Local.Funding,
        CountersignerFundingKey = Remote.Funding,
        BroadcasterIsOpener = true,
        ObscuringFactor = CommitmentNumber.ObscuringFactor(Local.Payment, Remote.Payment),
        ToSelfDelay = 144,
        DustLimit = new Satoshis(dustLimit),
    };

    internal static CommitmentKeys Keys(CommitmentFormat format)
    {
        Assert.True(CommitmentKeys.TryDerive(format, PerCommitmentPoint, Local, Remote, out var keys));
        return keys;
    }

    internal static CommitmentTransaction Build(CommitmentFormat format, CommitmentVector vector) => CommitmentTransaction.Build(
        Contract(format, vector.DustLimitSatoshis),
        new CommitmentState
        {
            Number = Number,
            Keys = Keys(format),
            Feerate = new FeeratePerKw(vector.FeeratePerKw),
            ToBroadcaster = new MilliSatoshis(vector.ToLocalMilliSatoshis),
            ToCountersigner = new MilliSatoshis(vector.ToRemoteMilliSatoshis),
            Htlcs = !vector.HasHtlcs ? [] : vector.Name.Contains("same amount", StringComparison.Ordinal) ? [Htlc(1), Htlc(5), Htlc(6)] : [.. Enumerable.Range(0, 5).Select(Htlc)],
        });

    internal static CommittedHtlc Htlc(int number)
    {
        var (offered, amount, expiry) = number switch
        {
            0 => (false, 1_000_000L, 500u),
            1 => (false, 2_000_000L, 501u),
            2 => (true, 2_000_000L, 502u),
            3 => (true, 3_000_000L, 503u),
            4 => (false, 4_000_000L, 504u),
            5 => (true, 5_000_000L, 506u),
            _ => (true, 5_000_001L, 505u),
        };
        return new CommittedHtlc(offered, (ulong)number, new MilliSatoshis(amount), Hashes.Sha256(Preimage(number).Span), expiry);
    }

    internal static Bytes32 Preimage(int number) => new(Enumerable.Repeat((byte)Math.Min(number, 5), 32).ToArray());

    internal static CompactSignature Sign(SecretKey key, Bytes32 hash)
    {
        Span<byte> signature = stackalloc byte[CompactSignature.Length];
        Ecdsa.Sign(key, hash.Span, signature);
        return new CompactSignature(signature);
    }

    internal static CompactSignature Signature(string derHex)
    {
        Span<byte> signature = stackalloc byte[CompactSignature.Length];
        Assert.True(Ecdsa.TryParseDer(TestKeys.Bytes(derHex), signature));
        return new CompactSignature(signature);
    }

    internal static void AssertSpends(Transaction transaction, TxOut spent) =>
        Assert.Equal(ScriptError.Ok, TransactionVerifier.VerifyInput(transaction, 0, [spent], ScriptFlags.Standard));
}
