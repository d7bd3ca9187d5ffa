using Tributary.Lightning.Commitments;

namespace Tributary.Lightning.Tests.Commitments;

public sealed class PerCommitmentSecretsTests
{
    // BOLT 3, appendix D, "Generation Tests".
    [Theory]
    [InlineData(0x00, 281474976710655, "02a40c85b6f28da08dfdbe0926c53fab2de6d28c10301f8f7c4073d5e42e3148")]
    [InlineData(0xff, 281474976710655, "7cc854b54e3e0dcdb010d7a3fee464a9687be6e8db3be6854c475621e007a5dc")]
    [InlineData(0xff, 0xaaaaaaaaaaa, "56f4008fb007ca9acf0e15b054d5c9fd12ee06cea347914ddbaed70d1c13a528")]
    [InlineData(0xff, 0x555555555555, "9015daaeb06dba4ccc05b91b2f73bd54405f2be9f217fbacd3c5ac2e62327d31")]
    [InlineData(0x01, 1, "915c75942a26bb3a433a8ce2cb0427c29ec6c1775cfc78328b57f6ba7bfeaa9c")]
    public void The_secrets_of_a_seed_are_those_of_BOLT_3(byte seed, ulong index, string expected)
    {
        using var secrets = new PerCommitmentSecrets([.. Enumerable.Repeat(seed, 32)]);
        var secret = new byte[32];
        secrets.WriteSecret(CommitmentNumber.Max - index, secret);
        Assert.Equal(expected, Convert.ToHexStringLower(secret));
        Assert.Equal(TestKeys.Secret(expected).PublicKey, secrets.Point(CommitmentNumber.Max - index));
    }
}
