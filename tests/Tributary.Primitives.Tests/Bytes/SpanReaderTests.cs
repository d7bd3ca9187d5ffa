using FsCheck;
using FsCheck.Fluent;
using Tributary.Primitives.Bytes;

namespace Tributary.Primitives.Tests.Bytes;

public sealed class SpanReaderTests
{
    [Fact]
    public void What_ByteWriter_writes_reads_back() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong a, uint b, byte[] e) =>
        {
            var (c, d) = ((ushort)(a ^ b), (byte)(a >> 3));
            var writer = new ByteWriter();
            writer.WriteCompactSize(a);
            writer.WriteBigSize(b);
            writer.WriteUInt16BigEndian(c);
            writer.WriteUInt16LittleEndian(c);
            writer.WriteByte(d);
            writer.WriteCompactSizeBytes(e);
            writer.WriteUInt64BigEndian(a);
            writer.WriteUInt64LittleEndian(a);
            writer.WriteUInt32BigEndian(b);
            writer.WriteUInt32LittleEndian(b);

            var reader = new SpanReader(writer.WrittenSpan);
            return reader.TryReadCompactSize(out var a2) && a2 == a
                && reader.TryReadBigSize(out var b2) && b2 == b
                && reader.TryReadUInt16BigEndian(out var c2) && c2 == c
                && reader.TryReadUInt16LittleEndian(out var c3) && c3 == c
                && reader.TryReadByte(out var d2) && d2 == d
                && reader.TryReadCompactSizeBytes(out var e2) && e2.SequenceEqual(e)
                && reader.TryReadUInt64BigEndian(out var a3) && a3 == a
                && reader.TryReadUInt64LittleEndian(out var a4) && a4 == a
                && reader.TryReadUInt32BigEndian(out var b3) && b3 == b
                && reader.TryReadUInt32LittleEndian(out var b4) && b4 == b
                && reader.IsAtEnd;
        }));

    // BOLT 1, appendix A: BigSize test vectors.
    [Theory]
    [InlineData("00", 0UL)]
    [InlineData("fc", 252UL)]
    [InlineData("fd00fd", 253UL)]
    [InlineData("fdffff", 65535UL)]
    [InlineData("fe00010000", 65536UL)]
    [InlineData("feffffffff", 4294967295UL)]
    [InlineData("ff0000000100000000", 4294967296UL)]
    [InlineData("ffffffffffffffffff", 18446744073709551615UL)]
    public void Reads_canonical_BigSize(string hex, ulong expected)
    {
        var reader = new SpanReader(Convert.FromHexString(hex));
        Assert.True(reader.TryReadBigSize(out var value));
        Assert.Equal(expected, value);
        Assert.True(reader.IsAtEnd);
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
    public void Refuses_long_or_cut_BigSize_and_stays_in_place(string hex)
    {
        var reader = new SpanReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadBigSize(out _));
        Assert.Equal(0, reader.Position);
    }

    [Theory]
    [InlineData("fdfc00")]
    [InlineData("feffff0000")]
    [InlineData("ffffffffff00000000")]
    [InlineData("fd01")]
    public void Refuses_long_or_cut_CompactSize_and_stays_in_place(string hex)
    {
        var reader = new SpanReader(Convert.FromHexString(hex));
        Assert.False(reader.TryReadCompactSize(out _));
        Assert.Equal(0, reader.Position);
    }

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_is_refused()
    {
        var reader = new SpanReader([3, 0, 0, 0, 0, 0, 0]);
        Assert.False(reader.TryReadCount(leastElementBytes: 3, out _));
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TryReadCount(leastElementBytes: 2, out var count));
        Assert.Equal(3, count);
    }

    [Fact]
    public void A_cut_read_consumes_nothing()
    {
        var reader = new SpanReader([1, 2, 3]);
        Assert.False(reader.TryReadUInt32LittleEndian(out _));
        Assert.False(reader.TryReadUInt64BigEndian(out _));
        Assert.False(reader.TryReadBytes32(out _));
        Assert.False(reader.TryReadBytes(-1, out _));
        Assert.Equal(3, reader.Remaining);
    }
}
