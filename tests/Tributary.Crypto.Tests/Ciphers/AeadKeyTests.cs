using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Tributary.Crypto.Tests.Ciphers;

public sealed class AeadKeyTests
{
    // RFC 8439, 2.8.2.
    [Fact]
    public void The_RFCs_example_seals_and_opens()
    {
        using var key = new AeadKey(Enumerable.Range(0x80, 32).Select(i => (byte)i).ToArray());
        var nonce = Convert.FromHexString("070000004041424344454647");
        var associated = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        var text = Encoding.ASCII.GetBytes(
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
        var cipher = new byte[text.Length + 16];
        key.Encrypt(nonce, associated, text, cipher);
        Assert.Equal(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
            + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116"
            + "1ae10b594f09e26a7e902ecbd0600691",
            Convert.ToHexStringLower(cipher));
        var opened = new byte[text.Length];
        Assert.True(key.TryDecrypt(nonce, associated, cipher, opened));
        Assert.Equal(text, opened);
    }

    // BOLT 8, appendix A, message encryption: the length (nonce 0) and the body (nonce 1) of the first "hello".
    [Fact]
    public void Lightnings_nonce_is_a_little_endian_counter_behind_four_zeros()
    {
        using var key = new AeadKey(Convert.FromHexString("969ab31b4d288cedf6218839b27a3e2140827047f2c0f01bf5c04435d43511a9"));
        var (length, body) = (new byte[18], new byte[21]);
        key.Encrypt(0, default, [0, 5], length);
        key.Encrypt(1, default, "hello"u8, body);
        Assert.Equal(
            "cf2b30ddf0cf3f80e7c35a6e6730b59fe802473180f396d88a8fb0db8cbcf25d2f214cf9ea1d95",
            Convert.ToHexStringLower([.. length, .. body]));
        var opened = new byte[5];
        Assert.True(key.TryDecrypt(1, default, body, opened));
        Assert.Equal("hello"u8, opened);
        Assert.False(key.TryDecrypt(2, default, body, opened));
        Assert.Equal(new byte[5], opened);
    }

    [Fact]
    public void Any_changed_bit_keeps_the_text_closed() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] text, byte[] associated, ushort place) =>
        {
            using var key = new AeadKey(new byte[32]);
            var (cipher, opened) = (new byte[text.Length + 16], new byte[text.Length]);
            key.Encrypt(7, associated, text, cipher);
            Assert.True(key.TryDecrypt(7, associated, cipher, opened) && opened.AsSpan().SequenceEqual(text));
            Assert.False(key.TryDecrypt(7, [.. associated, 0], cipher, opened));
            cipher[place % cipher.Length] ^= (byte)(1 << (place % 8));
            return !key.TryDecrypt(7, associated, cipher, opened) && !opened.AsSpan().ContainsAnyExcept((byte)0);
        }));

    [Fact]
    public void Sizes_are_kept()
    {
        using var key = new AeadKey(new byte[32]);
        Assert.False(key.TryDecrypt(0, default, new byte[15], []));
        Assert.False(key.TryDecrypt(0, default, [], []));
        Assert.Throws<ArgumentException>(() => key.Encrypt(0, default, new byte[1], new byte[16]));
        Assert.Throws<ArgumentException>(() => key.TryDecrypt(0, default, new byte[17], []));
        Assert.Throws<ArgumentException>(() => key.Encrypt(new byte[8], default, default, new byte[16]));
        Assert.Throws<ArgumentException>(() => new AeadKey(new byte[31]));
    }

    [Fact]
    public void Messages_go_through_without_allocation()
    {
        using var key = new AeadKey(new byte[32]);
        var (text, cipher) = (new byte[1000], new byte[1016]);
        RoundTrip(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 1; i < 20; i++)
            RoundTrip(i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void RoundTrip(ulong nonce)
        {
            key.Encrypt(nonce, default, text, cipher);
            key.TryDecrypt(nonce, default, cipher, text);
        }
    }
}
