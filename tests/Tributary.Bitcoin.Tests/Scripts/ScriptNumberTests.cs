using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Scripts;

namespace Tributary.Bitcoin.Tests.Scripts;

public sealed class ScriptNumberTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("01", 1)]
    [InlineData("81", -1)]
    [InlineData("7f", 127)]
    [InlineData("8000", 128)]
    [InlineData("8080", -128)]
    [InlineData("ff00", 255)]
    [InlineData("ffffff7f", 2_147_483_647)]
    [InlineData("ffffffff", -2_147_483_647)]
    public void Numbers_are_little_endian_with_the_sign_on_top(string hex, long value)
    {
        Span<byte> bytes = stackalloc byte[9];
        Assert.Equal(hex, Convert.ToHexStringLower(bytes[..ScriptNumber.Write(value, bytes)]));
        Assert.True(ScriptNumber.TryRead(Convert.FromHexString(hex), requireMinimal: true, 4, out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("80")]
    [InlineData("0100")]
    [InlineData("0180")]
    [InlineData("ff0000")]
    public void A_longer_form_is_a_number_only_where_that_is_allowed(string hex)
    {
        Assert.True(ScriptNumber.TryRead(Convert.FromHexString(hex), requireMinimal: false, 4, out _));
        Assert.False(ScriptNumber.TryRead(Convert.FromHexString(hex), requireMinimal: true, 4, out _));
    }

    [Fact]
    public void Too_many_bytes_are_no_number()
    {
        Assert.False(ScriptNumber.TryRead([1, 2, 3, 4, 5], requireMinimal: false, 4, out _));
        Assert.True(ScriptNumber.TryRead([1, 2, 3, 4, 5], requireMinimal: false, 5, out var value));
        Assert.Equal(0x05_0403_0201, value);
    }

    [Fact]
    public void What_is_written_reads_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((long number) =>
        {
            var value = number >> 1;
            Span<byte> bytes = stackalloc byte[ScriptNumber.WriteLengthMax];
            var written = bytes[..ScriptNumber.Write(value, bytes)];
            return ScriptNumber.TryRead(written, requireMinimal: true, 8, out var read) && read == value && ScriptNumber.IsTrue(written) == (value != 0);
        }));

    [Theory]
    [InlineData("", false)]
    [InlineData("00", false)]
    [InlineData("80", false)]
    [InlineData("000080", false)]
    [InlineData("8000", true)]
    [InlineData("0001", true)]
    [InlineData("81", true)]
    public void Only_zero_and_negative_zero_are_false(string hex, bool isTrue) => Assert.Equal(isTrue, ScriptNumber.IsTrue(Convert.FromHexString(hex)));
}
