using FsCheck;
using FsCheck.Fluent;
using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Testing;

namespace Tributary.Lightning.Tests.Wire;

/// <summary>BOLT 1, appendix B, with its two namespaces.</summary>
public sealed class TlvStreamTests
{
    private static readonly ulong[] s_n1 = [1, 2, 3, 254];
    private static readonly ulong[] s_n2 = [0, 11];

    [Theory]
    [InlineData("fd")]
    [InlineData("fd01")]
    [InlineData("fd000100")]
    [InlineData("fd0101")]
    [InlineData("0ffd")]
    [InlineData("0ffd26")]
    [InlineData("0ffd2602")]
    [InlineData("0ffd000100")]
    [InlineData("0ffd0201000000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("1200")]
    [InlineData("fd010200")]
    [InlineData("fe0100000200")]
    [InlineData("ff010000000000000200")]
    public void Broken_streams_are_refused_in_any_namespace(string hex)
    {
        Assert.False(IsN1(hex));
        Assert.False(IsN2(hex));
    }

    [Theory]
    [InlineData("0109ffffffffffffffffff")]
    [InlineData("010100")]
    [InlineData("01020001")]
    [InlineData("0103000100")]
    [InlineData("010400010000")]
    [InlineData("01050001000000")]
    [InlineData("0106000100000000")]
    [InlineData("010700010000000000")]
    [InlineData("01080001000000000000")]
    [InlineData("020701010101010101")]
    [InlineData("0209010101010101010101")]
    [InlineData("0321023da092f6980e58d2c037173180e9a465476026ee50f96695963e8efe436f54eb")]
    [InlineData("0329023da092f6980e58d2c037173180e9a465476026ee50f96695963e8efe436f54eb0000000000000001")]
    [InlineData("0330023da092f6980e58d2c037173180e9a465476026ee50f96695963e8efe436f54eb000000000000000100000000000001")]
    [InlineData("0331043da092f6980e58d2c037173180e9a465476026ee50f96695963e8efe436f54eb00000000000000010000000000000002")]
    [InlineData("0332023da092f6980e58d2c037173180e9a465476026ee50f96695963e8efe436f54eb0000000000000001000000000000000001")]
    [InlineData("fd00fe00")]
    [InlineData("fd00fe0101")]
    [InlineData("fd00fe03010101")]
    [InlineData("0000")]
    [InlineData("02080000000000000226" + "01012a")]
    [InlineData("02080000000000000231" + "02080000000000000451")]
    [InlineData("1f000f012a")]
    [InlineData("1f001f012a")]
    public void Streams_that_the_first_namespace_forbids_are_refused(string hex) => Assert.False(IsN1(hex));

    [Fact]
    public void The_second_namespace_ends_with_the_largest_type() => Assert.False(IsN2("ffffffffffffffffff000000"));

    [Theory]
    [InlineData("")]
    [InlineData("2100")]
    [InlineData("fd020100")]
    [InlineData("fd00fd00")]
    [InlineData("fd00ff00")]
    [InlineData("fe0200000100")]
    [InlineData("ff020000000000000100")]
    public void Unknown_odd_records_pass_in_either_namespace_and_are_written_back(string hex)
    {
        Assert.True(IsN1(hex));
        Assert.True(IsN2(hex));
        Assert.Equal(hex, Convert.ToHexStringLower(TlvStream.Read(TestKeys.Bytes(hex)).Value.ToArray()));
    }

    [Theory]
    [InlineData("0100", 0)]
    [InlineData("010101", 1)]
    [InlineData("01020100", 256)]
    [InlineData("0103010000", 65536)]
    [InlineData("010401000000", 16777216)]
    [InlineData("01050100000000", 4294967296)]
    [InlineData("0106010000000000", 1099511627776)]
    [InlineData("010701000000000000", 281474976710656)]
    [InlineData("01080100000000000000", 72057594037927936)]
    public void Truncated_integers_are_read_and_written(string hex, ulong amount)
    {
        Assert.True(IsN1(hex));
        Assert.True(TlvStream.Read(TestKeys.Bytes(hex)).Value.TryFind(1, out var value));
        Assert.True(TruncatedInteger.TryRead(value.Span, 8, out var read));
        Assert.Equal(amount, read);
        Assert.Equal(value.ToArray(), TruncatedInteger.ToArray(amount));
    }

    [Theory]
    [InlineData("02080000000000000226")]
    [InlineData("0331023da092f6980e58d2c037173180e9a465476026ee50f96695963e8efe436f54eb00000000000000010000000000000002")]
    [InlineData("fd00fe020226")]
    public void The_other_records_of_the_first_namespace_are_read(string hex) => Assert.True(IsN1(hex));

    [Fact]
    public void Streams_round_trip_and_find_what_they_hold() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong[] types, byte[] value) =>
        {
            TlvRecord[] records = [.. types.Distinct().Select(type => new TlvRecord(type, value))];
            var read = TlvStream.Read(TlvStream.Of(records).ToArray()).Value;
            Assert.Equal(records.Select(static record => record.Type).Order(), read.Select(static record => record.Type));
            Assert.All(records, record => Assert.True(read.TryFind(record.Type, out var found) && found.Span.SequenceEqual(value)));
            Assert.Equal(records.Any(static record => record.Type % 2 == 0), read.TryFindUnknownRequired([], out _));
            Assert.Empty(read.Except(types));
        }));

    [Fact]
    public void A_type_given_twice_is_a_bug() =>
        Assert.Throws<ArgumentException>(() => TlvStream.Of(new TlvRecord(1, default), new TlvRecord(1, default)));

    [Fact]
    public void Any_bytes_are_a_stream_or_refused() =>
        Fuzz.Run(
            [TestKeys.Bytes("0103010000fd00fe020226"), TestKeys.Bytes("2100fd020100ff020000000000000100")],
            static input =>
            {
                if (TlvStream.Read(input).TryGet(out var stream))
                    Assert.True(input.SequenceEqual(stream.ToArray()));
            },
            limits: new FuzzLimits(BytesPerInputByte: 64));

    private static bool IsN1(string hex) =>
        TlvStream.Read(TestKeys.Bytes(hex)).TryGet(out var stream)
        && !stream.TryFindUnknownRequired(s_n1, out _)
        && (!stream.TryFind(1, out var amount) || TruncatedInteger.TryRead(amount.Span, 8, out _))
        && (!stream.TryFind(2, out var scid) || scid.Length == ShortChannelId.Size)
        && (!stream.TryFind(3, out var node) || (node.Length == 49 && PublicKey.TryParse(node.Span[..33], out _)))
        && (!stream.TryFind(254, out var delta) || delta.Length == sizeof(ushort));

    private static bool IsN2(string hex) =>
        TlvStream.Read(TestKeys.Bytes(hex)).TryGet(out var stream)
        && !stream.TryFindUnknownRequired(s_n2, out _)
        && (!stream.TryFind(0, out var amount) || TruncatedInteger.TryRead(amount.Span, 8, out _))
        && (!stream.TryFind(11, out var expiry) || TruncatedInteger.TryRead(expiry.Span, 4, out _));
}
