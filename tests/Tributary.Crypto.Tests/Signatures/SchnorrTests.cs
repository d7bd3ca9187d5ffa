using Tributary.Testing;

namespace Tributary.Crypto.Tests.Signatures;

public sealed class SchnorrTests
{
    [Fact]
    public void The_vectors_of_BIP_340_sign_and_verify_as_they_say()
    {
        var rows = 0;
        foreach (var line in Vectors.Text("bitcoin/bip-0340_test-vectors.csv").Split('\n').Skip(1).Where(line => line.Length > 0))
        {
            var cells = line.Split(',');
            var (publicKey, message, signature) = (Convert.FromHexString(cells[2]), Convert.FromHexString(cells[4]), Convert.FromHexString(cells[5]));
            Assert.True(Schnorr.Verify(publicKey, message, signature) == string.Equals(cells[6], "TRUE", StringComparison.Ordinal), line);
            if (cells[1].Length > 0)
            {
                Assert.True(SecretKey.TryCreate(Convert.FromHexString(cells[1]), out var secret));
                var made = new byte[64];
                Schnorr.Sign(secret, message, Convert.FromHexString(cells[3]), made);
                Assert.Equal(signature, made);
                Assert.Equal(publicKey, secret.PublicKey.ToXOnly().ToBytes());
                secret.Dispose();
            }

            rows++;
        }

        Assert.True(rows >= 19, $"{rows} rows");
    }
}
