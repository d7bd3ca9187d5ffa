using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Tributary.Crypto.Tests.Text;

public sealed class NfkdTests
{
    // The hashes are of the same text normalized by Python's unicodedata, Unicode 14.
    [Fact]
    public void Every_code_point_normalizes_as_in_the_Unicode_database()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<char> text = stackalloc char[2];
        for (var code = 0; code < 0x110000; code++)
        {
            if (!Rune.IsValid(code))
                continue;
            using var normalized = Nfkd.ToUtf8(text[..new Rune(code).EncodeToUtf16(text)]);
            hash.AppendData(normalized.Span);
        }

        Assert.Equal("2b25bc1659dc871d2036719e3a91a26e3ea5ceccd296bc0745996497c2f8aaf3", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Marks_are_put_in_their_canonical_order()
    {
        int[] marks = [0x300, 0x301, 0x316, 0x323, 0x327, 0x338, 0x345, 0x5b0, 0x5b1, 0x3099, 0x1d165, 0x20d0, 0xe38];
        int[] bases = [0x41, 0xe9, 0x1e9b, 0xac01, 0xfb01, 0xfdfa, 0x212b, 0x3352, 0x1d15e, 0x20];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long state = 1;
        for (var i = 0; i < 2000; i++)
        {
            var text = new StringBuilder();
            for (var j = 0; j < 6; j++)
            {
                state = ((state * 1103515245) + 12345) & 0x7fffffff;
                text.Append(new Rune((state >> 16) % 3 == 0 ? bases[(state >> 8) % 10] : marks[(state >> 8) % 13]).ToString());
            }

            using var normalized = Nfkd.ToUtf8(text.ToString());
            hash.AppendData(normalized.Span);
            hash.AppendData("\n"u8);
        }

        Assert.Equal("89e2ebf8e50b17636dd2234bb14fe76078ecc0c6b46a8d33c598fea0c4c81b3d", Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Normalizing_again_changes_nothing() =>
        Check.QuickThrowOnFailure(Prop.ForAll((char[] letters) =>
        {
            using var once = Nfkd.ToUtf8(letters);
            using var twice = Nfkd.ToUtf8(Encoding.UTF8.GetString(once.Span));
            return once.ConstantTimeEquals(twice);
        }));

    [Fact]
    public void An_unpaired_surrogate_becomes_the_replacement_character()
    {
        using var normalized = Nfkd.ToUtf8("a\ud800b");
        Assert.Equal("a\ufffdb", Encoding.UTF8.GetString(normalized.Span));
        using var empty = Nfkd.ToUtf8("");
        Assert.Equal(0, empty.Length);
    }
}
