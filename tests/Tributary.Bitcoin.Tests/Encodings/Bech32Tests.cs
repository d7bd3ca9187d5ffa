using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Encodings;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Encodings;

public sealed class Bech32Tests
{
    // BIP 173 and BIP 350, test vectors.
    [Theory]
    [InlineData("A12UEL5L", Bech32Variant.Bech32)]
    [InlineData("a12uel5l", Bech32Variant.Bech32)]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs", Bech32Variant.Bech32)]
    [InlineData("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", Bech32Variant.Bech32)]
    [InlineData("11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j", Bech32Variant.Bech32)]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", Bech32Variant.Bech32)]
    [InlineData("?1ezyfcl", Bech32Variant.Bech32)]
    [InlineData("A1LQFN3A", Bech32Variant.Bech32m)]
    [InlineData("a1lqfn3a", Bech32Variant.Bech32m)]
    [InlineData("an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6", Bech32Variant.Bech32m)]
    [InlineData("abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", Bech32Variant.Bech32m)]
    [InlineData("11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8", Bech32Variant.Bech32m)]
    [InlineData("split1checkupstagehandshakeupstreamerranterredcaperredlc445v", Bech32Variant.Bech32m)]
    [InlineData("?1v759aa", Bech32Variant.Bech32m)]
    public void Valid_texts_decode_and_encode_again(string text, Bech32Variant variant)
    {
        var decoded = Bech32.Decode(text).Value;
        Assert.Equal(variant, decoded.Variant);
        Assert.Equal(text.ToLowerInvariant(), Bech32.Encode(decoded.Prefix, decoded.Data.Span, variant));
    }

    // BIP 173 and BIP 350, test vectors.
    [Theory]
    [InlineData("\u00201nwldj5", "position 1")]
    [InlineData("\u007f1axkwrx", "position 1")]
    [InlineData("\u00801eym55h", "position 1")]
    [InlineData("an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx", "longer")]
    [InlineData("pzry9x0s0muk", "no '1'")]
    [InlineData("1pzry9x0s0muk", "takes 1 to 83")]
    [InlineData("x1b4n0q5v", "position 3")]
    [InlineData("li1dgmt3", "too short")]
    [InlineData("de1lg7wt\u00ff", "position 9")]
    [InlineData("A1G7SGD8", "does not match")]
    [InlineData("10a06t8", "takes 1 to 83")]
    [InlineData("1qzzfhee", "takes 1 to 83")]
    [InlineData("\u00201xj0phk", "position 1")]
    [InlineData("\u007f1g6xzxy", "position 1")]
    [InlineData("\u00801vctc34", "position 1")]
    [InlineData("an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4", "longer")]
    [InlineData("qyrz8wqd2c9m", "no '1'")]
    [InlineData("1qyrz8wqd2c9m", "takes 1 to 83")]
    [InlineData("y1b0jsk6g", "position 3")]
    [InlineData("lt1igcx5c0", "position 4")]
    [InlineData("in1muywd", "too short")]
    [InlineData("mm1crxm3i", "position 9")]
    [InlineData("au1s5cgom", "position 8")]
    [InlineData("M1VUXWEZ", "does not match")]
    [InlineData("16plkw9", "takes 1 to 83")]
    [InlineData("1p2gdwpf", "takes 1 to 83")]
    [InlineData("a12UEL5L", "mixes")]
    public void Invalid_texts_are_refused_with_the_reason(string text, string reason) =>
        Assert.Contains(reason, Bech32.Decode(text).Error.Reason, StringComparison.Ordinal);

    [Fact]
    public void One_or_two_mistyped_characters_are_located() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte first, byte second, uint errors) =>
        {
            const string Address = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
            var places = new[] { 3 + (first % (Address.Length - 3)), 3 + (second % (Address.Length - 3)) }.Distinct().Order().ToArray();
            var text = Address.ToCharArray();
            foreach (var place in places)
            {
                var value = (Bech32.Alphabet.IndexOf(text[place], StringComparison.Ordinal) + 1 + (int)(errors % 31)) % 32;
                text[place] = Bech32.Alphabet[value];
                errors /= 31;
            }

            var reason = Bech32.Decode(text).Error.Reason;

            // Once in some hundred cases the other checksum explains the text as well: by two characters, and then nothing is said, or by one.
            return (places.Length == 2 && reason.Contains("the character at position", StringComparison.Ordinal))
                || reason.EndsWith("missing", StringComparison.Ordinal) || places.All(place => reason.Contains($" {place + 1}", StringComparison.Ordinal));
        }));

    [Theory]
    [InlineData("bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj9", "does not match: the character at position 62 looks mistyped")]
    [InlineData("bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj9", "does not match: the characters at positions 4 and 62 look mistyped")]
    [InlineData("bc1qqqqqvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj9", "does not match: characters are mistyped or missing")]
    public void Mistyped_characters_are_named_by_their_position(string text, string reason) =>
        Assert.Equal(reason, Bech32.Decode(text).Error.Reason);

    [Fact]
    public void Bits_regroup_and_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] bytes) => Bech32.ToBytes(Bech32.ToFiveBits(bytes)).Value.AsSpan().SequenceEqual(bytes)));

    [Fact]
    public void Padding_that_is_long_or_not_zero_is_refused()
    {
        Assert.Equal("padding", Bech32.ToBytes([0]).Error.Field);
        Assert.Equal("padding", Bech32.ToBytes([0, 1]).Error.Field);
        Assert.True(Bech32.ToBytes([0, 4]).IsOk);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused() => Fuzz.Run(
        [.. new[] { "A12UEL5L", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0" }.Select(System.Text.Encoding.UTF8.GetBytes)],
        static input =>
        {
            if (Bech32.Decode(System.Text.Encoding.UTF8.GetString(input), 5000).TryGet(out var decoded))
                _ = Bech32.ToBytes(decoded.Data.Span);
        });
}
