using Tributary.Crypto;
using Tributary.Lightning.Commitments;

namespace Tributary.Lightning.Tests.Commitments;

/// <summary>BOLT 3, appendix E.</summary>
public sealed class KeyDerivationTests
{
    private static readonly SecretKey s_base = TestKeys.Secret("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static readonly SecretKey s_perCommitment = TestKeys.Secret("1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100");

    [Fact]
    public void Public_keys_follow_from_basepoint_and_point()
    {
        Assert.True(KeyDerivation.TryDerivePublicKey(s_base.PublicKey, s_perCommitment.PublicKey, out var key));
        Assert.Equal("0235f2dbfaa89b57ec7b055afe29849ef7ddfeb1cefdb9ebdc43f5494984db29e5", key.ToString());
    }

    [Fact]
    public void Secret_keys_follow_from_the_basepoints_secret()
    {
        Assert.True(KeyDerivation.TryDeriveSecretKey(s_base, s_perCommitment.PublicKey, out var key));
        Assert.Equal("cbced912d3b21bf196a766651e436aff192362621ce317704ea2f75d87e7be0f", Hex(key));
    }

    [Fact]
    public void The_revocation_key_takes_a_point_from_each_side()
    {
        Assert.True(KeyDerivation.TryDeriveRevocationKey(s_base.PublicKey, s_perCommitment.PublicKey, out var key));
        Assert.Equal("02916e326636d19c33f13e8c0c3a03dd157f332f3e99c317c141dd865eb01f8ff0", key.ToString());
    }

    [Fact]
    public void The_revocation_secret_takes_a_secret_from_each_side()
    {
        Assert.True(KeyDerivation.TryDeriveRevocationSecret(s_base, s_perCommitment, out var key));
        Assert.Equal("d09ffff62ddb2297ab000cc85bcb4283fdeb6aa052affbc9dddcf33b61078110", Hex(key));
    }

    [Fact]
    public void The_keys_of_a_commitment_are_those_of_BOLT_3s_channel()
    {
        var keys = VectorChannel.Keys(CommitmentFormat.AnchorsZeroFeeHtlc);
        Assert.Equal("0212a140cd0c6539d07cd08dfe09984dec3251ea808b892efeac3ede9402bf2b19", keys.RevocationKey.ToString());
        Assert.Equal("03fd5960528dc152014952efdb702a88f71e3c1653b2314431701ec77e57fde83c", keys.BroadcasterDelayedKey.ToString());
        Assert.Equal("030d417a46946384f88d5f3337267c5e579765875dc4daca813e21734b140639e7", keys.BroadcasterHtlcKey.ToString());
        Assert.Equal("0394854aa6eab5b2a8122cc726e9dded053a2184d88256816826d6231c068d4a5b", keys.CountersignerHtlcKey.ToString());
        Assert.Equal(VectorChannel.Remote.Payment, keys.CountersignerPaymentKey);
        Assert.Equal(keys.CountersignerHtlcKey, VectorChannel.Keys(CommitmentFormat.Legacy).CountersignerPaymentKey);
    }

    private static string Hex(SecretKey key)
    {
        var bytes = new byte[32];
        key.WriteTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
