using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Sealing;

public sealed class SecretBoxTests
{
    private static readonly ScryptCost s_cheap = Cost(4, 1, 1);

    [Fact]
    public void What_is_sealed_opens_with_its_passphrase_and_context_alone() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] content, NonEmptyString passphrase, byte[] context) =>
        {
            var box = SecretBox.Seal(content, passphrase.Get, context, new SeededEntropy(1), s_cheap).Value;
            Assert.Equal(SecretBox.Overhead + content.Length, box.Length);
            using var opened = SecretBox.Open(box, passphrase.Get, context).Value;
            Assert.True(opened.Reveal().SequenceEqual(content));
            Assert.Equal("passphrase", SecretBox.Open(box, passphrase.Get + "x", context).Error.Field);
            return string.Equals("passphrase", SecretBox.Open(box, passphrase.Get, [.. context, 0]).Error.Field, StringComparison.Ordinal);
        }));

    [Fact]
    public void The_default_cost_seals_and_opens()
    {
        var box = SecretBox.Seal("seed"u8, "correct horse", default, SystemEntropy.Instance).Value;
        Assert.Equal("54424f5801100802", Convert.ToHexStringLower(box.AsSpan(0, 8)));
        using var opened = SecretBox.Open(box, "correct horse", default).Value;
        Assert.Equal("seed"u8, opened.Reveal());
        Assert.NotEqual(box, SecretBox.Seal("seed"u8, "correct horse", default, SystemEntropy.Instance, s_cheap).Value);
    }

    // A box of version 1, kept so that later versions go on opening it.
    [Fact]
    public void A_box_of_version_1_opens()
    {
        var box = Convert.FromHexString(VersionOneBox);
        using var opened = SecretBox.Open(box, "p\u00e4ssword", "test"u8).Value;
        Assert.Equal("Tributary"u8, opened.Reveal());
        using var decomposed = SecretBox.Open(box, "pa\u0308ssword", "test"u8).Value;
        Assert.Equal("Tributary"u8, decomposed.Reveal());
        Assert.Equal(box, SecretBox.Seal("Tributary"u8, "p\u00e4ssword", "test"u8, new SeededEntropy(42), s_cheap).Value);
    }

    [Fact]
    public void Any_changed_bit_keeps_the_box_closed()
    {
        var box = SecretBox.Seal("content"u8, "passphrase", default, new SeededEntropy(2), s_cheap).Value;
        for (var bit = 0; bit < box.Length * 8; bit++)
        {
            box[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(SecretBox.Open(box, "passphrase", default, s_cheap).IsOk, $"bit {bit}");
            box[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 0; length < box.Length; length++)
            Assert.False(SecretBox.Open(box.AsSpan(0, length), "passphrase", default, s_cheap).IsOk);
        Assert.True(SecretBox.Open(box, "passphrase", default, s_cheap).IsOk);
    }

    [Fact]
    public void Refusals_name_the_field()
    {
        var box = SecretBox.Seal("content"u8, "passphrase", default, new SeededEntropy(2), s_cheap).Value;
        Assert.Equal("passphrase", SecretBox.Open(box, "", default).Error.Field);
        Assert.Equal("passphrase", SecretBox.Open(box, new string('x', 1025), default).Error.Field);
        Assert.Equal("box", SecretBox.Open([], "passphrase", default).Error.Field);
        Assert.Equal("box", SecretBox.Open("not a box at all, and long enough to be one, if it were, which it is not"u8, "passphrase", default).Error.Field);
        Assert.Equal("box", SecretBox.Open([.. box, .. new byte[SecretBox.ContentLengthMax]], "passphrase", default).Error.Field);
        Assert.Equal("version", SecretBox.Open([.. box.AsSpan(0, 4), 2, .. box.AsSpan(5)], "passphrase", default).Error.Field);
        Assert.Equal("cost", SecretBox.Open([.. box.AsSpan(0, 5), 40, .. box.AsSpan(6)], "passphrase", default).Error.Field);
        Assert.Equal("cost", SecretBox.Open([.. box.AsSpan(0, 5), 10, .. box.AsSpan(6)], "passphrase", default, s_cheap).Error.Field);
        Assert.Equal("passphrase", SecretBox.Seal("x"u8, "", default, new SeededEntropy(1), s_cheap).Error.Field);
        Assert.Equal("passphrase", SecretBox.Seal("x"u8, new string('x', 1025), default, new SeededEntropy(1), s_cheap).Error.Field);
        Assert.Equal("content", SecretBox.Seal(new byte[SecretBox.ContentLengthMax + 1], "x", default, new SeededEntropy(1), s_cheap).Error.Field);
    }

    [Fact]
    public void A_refusal_never_holds_the_passphrase_or_the_content()
    {
        var box = SecretBox.Seal("hidden-content"u8, "hidden-passphrase", default, new SeededEntropy(2), s_cheap).Value;
        var error = SecretBox.Open(box, "hidden-guess", default).Error.ToString();
        Assert.DoesNotContain("hidden", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_are_opened_or_refused() =>
        Fuzz.Run(
            [
                SecretBox.Seal("content"u8, "passphrase", default, new SeededEntropy(2), s_cheap).Value,
                SecretBox.Seal(new byte[300], "passphrase", default, new SeededEntropy(3), Cost(2, 2, 2)).Value,
            ],
            static input =>
            {
                if (SecretBox.Open(input, "passphrase", default, s_cheap).TryGet(out var content))
                    content.Dispose();
            });

    private const string VersionOneBox =
        "54424f58010401017dcd0117f520f1e0b27f041854f95714b5a8420f1e4a5fd5b5b8dd5bfc7f4f12aaeecf09bffd552bbe12d50166475cbdf46ad22683cc31ff"
        + "e806903466d8fecaa4e7291651";

    private static ScryptCost Cost(int logRounds, int blockSize, int parallelism) =>
        ScryptCost.TryCreate(logRounds, blockSize, parallelism, out var cost) ? cost : throw new ArgumentOutOfRangeException(nameof(logRounds));
}
