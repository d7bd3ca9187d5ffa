using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Encodings;
using Tributary.Primitives.Bytes;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Encodings;

public sealed class Base58Tests
{
    [Fact]
    public void Bitcoin_Cores_vectors_encode_and_decode()
    {
        using var rows = Testing.Vectors.Json("bitcoin/base58_encode_decode.json");
        foreach (var row in rows.RootElement.EnumerateArray())
        {
            var bytes = Convert.FromHexString(row[0].GetString()!);
            var text = row[1].GetString()!;
            Assert.Equal(text, Base58.Encode(bytes));
            Assert.Equal(Hex.Encode(bytes), Hex.Encode(Base58.Decode(text, bytes.Length).Value));
            if (bytes.Length > 0)
                Assert.False(Base58.Decode(text, bytes.Length - 1).IsOk);
        }
    }

    [Fact]
    public void What_is_encoded_decodes() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] bytes, byte zeros) =>
        {
            byte[] padded = [.. new byte[zeros % 5], .. bytes];
            return Base58.Decode(Base58.Encode(padded), padded.Length).Value.AsSpan().SequenceEqual(padded)
                && Base58Check.Decode(Base58Check.Encode(padded), padded.Length).Value.AsSpan().SequenceEqual(padded);
        }));

    [Theory]
    [InlineData("0", 1)]
    [InlineData("2gO", 3)]
    [InlineData("2gI", 3)]
    [InlineData("l2g", 1)]
    [InlineData("2g 2g", 3)]
    [InlineData("2gé", 3)]
    public void A_character_of_no_digit_is_refused_with_its_position(string text, int position) =>
        Assert.Contains($"at position {position}", Base58.Decode(text, 32).Error.Reason, StringComparison.Ordinal);

    [Fact]
    public void A_mistyped_character_breaks_the_checksum()
    {
        const string Address = "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo";
        Assert.True(Base58Check.Decode(Address, 21).IsOk);
        for (var i = 1; i < Address.Length; i++)
        {
            var wrong = Address[..i] + (Address[i] == '2' ? '3' : '2') + Address[(i + 1)..];
            Assert.False(Base58Check.Decode(wrong, 21).IsOk);
        }
    }

    [Fact]
    public void Long_text_is_refused_before_any_work() =>
        Assert.Equal("base58", Base58.Decode(new string('z', 10_000_000), 78).Error.Field);

    [Fact]
    public void Any_bytes_are_read_or_refused() => Fuzz.Run(
        [.. new[] { "1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo", "11", "z" }.Select(System.Text.Encoding.UTF8.GetBytes)],
        static input => _ = Base58Check.Decode(System.Text.Encoding.UTF8.GetString(input), 128));
}
