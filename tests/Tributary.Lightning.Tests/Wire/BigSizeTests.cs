using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Wire;

/// <summary>BOLT 1, appendix A.</summary>
public sealed class BigSizeTests
{
    [Theory]
    [InlineData(0, "00")]
    [InlineData(252, "fc")]
    [InlineData(253, "fd00fd")]
    [InlineData(65535, "fdffff")]
    [InlineData(65536, "fe00010000")]
    [InlineData(4294967295, "feffffffff")]
    [InlineData(4294967296, "ff0000000100000000")]
    [InlineData(18446744073709551615, "ffffffffffffffffff")]
    public void Numbers_are_read_and_written(ulong value, string hex)
    {
        var reader = new SpanReader(TestKeys.Bytes(hex));
        Assert.True(reader.TryReadBigSize(out var read) && reader.IsAtEnd);
        Assert.Equal(value, read);
        var writer = new ByteWriter();
        writer.WriteBigSize(value);
        Assert.Equal(hex, Convert.ToHexStringLower(writer.WrittenSpan));
    }

    [Theory]
    [InlineData("fd00fc")]
    [InlineData("fe0000ffff")]
    [InlineData("ff00000000ffffffff")]
    [InlineData("fd00")]
    [InlineData("feffff")]
    [InlineData("ffffffffff")]
    [InlineData("")]
    [InlineData("fd")]
    [InlineData("fe")]
    [InlineData("ff")]
    public void Long_and_cut_encodings_are_refused(string hex)
    {
        var reader = new SpanReader(TestKeys.Bytes(hex));
        Assert.False(reader.TryReadBigSize(out _));
    }
}
