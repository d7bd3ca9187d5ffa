using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Tributary.Crypto.Tests.Ciphers;

public sealed class ChaCha20Tests
{
    // RFC 8439, 2.4.2.
    [Fact]
    public void The_RFCs_example_encrypts_and_decrypts()
    {
        var key = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        var nonce = Convert.FromHexString("000000000000004a00000000");
        var text = Encoding.ASCII.GetBytes(
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
        var cipher = new byte[text.Length];
        ChaCha20.Xor(key, nonce, 1, text, cipher);
        Assert.Equal(
            "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
            + "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab77937365af90bbf74a35be6b40b8eedf2785e42874d",
            Convert.ToHexStringLower(cipher));
        ChaCha20.Xor(key, nonce, 1, cipher, cipher);
        Assert.Equal(text, cipher);
    }

    // RFC 8439, appendix A.1, test vectors 1 and 2.
    [Fact]
    public void The_first_two_blocks_of_zeros_come_out()
    {
        var stream = new byte[128];
        ChaCha20.Keystream(new byte[32], new byte[12], 0, stream);
        Assert.Equal(
            "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586"
            + "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f",
            Convert.ToHexStringLower(stream));
    }

    [Fact]
    public void Any_block_on_its_own_is_the_one_in_the_stream() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, byte block, byte length) =>
        {
            var (key, nonce, stream, part) = (new byte[32], new byte[12], new byte[(256 * 64) + 256], new byte[length]);
            var entropy = new SeededEntropy(seed);
            entropy.Fill(key);
            entropy.Fill(nonce);
            ChaCha20.Keystream(key, nonce, 0, stream);
            ChaCha20.Keystream(key, nonce, block, part);
            return part.AsSpan().SequenceEqual(stream.AsSpan(block * 64, length));
        }));

    [Fact]
    public void Keystream_is_never_repeated_and_sizes_are_kept()
    {
        ChaCha20.Keystream(new byte[32], new byte[12], uint.MaxValue, new byte[64]);
        Assert.Throws<ArgumentException>(() => ChaCha20.Keystream(new byte[32], new byte[12], uint.MaxValue, new byte[65]));
        Assert.Throws<ArgumentException>(() => ChaCha20.Keystream(new byte[31], new byte[12], 0, new byte[1]));
        Assert.Throws<ArgumentException>(() => ChaCha20.Keystream(new byte[32], new byte[8], 0, new byte[1]));
        Assert.Throws<ArgumentException>(() => ChaCha20.Xor(new byte[32], new byte[12], 0, new byte[2], new byte[1]));
    }
}
