using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Chain.Bitcoind.Zmq;
using Tributary.Testing;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind.Zmq;

public sealed class ZmtpCodecTests
{
    [Fact]
    public void Our_side_of_the_handshake_is_what_the_specification_says()
    {
        Assert.Equal("ff00000000000000007f03004e554c4c" + new string('0', 96), Convert.ToHexStringLower(ZmtpCodec.Greeting()));
        Assert.Equal("0419055245414459" + "0b536f636b65742d54797065" + "00000003535542", Convert.ToHexStringLower(ZmtpCodec.Ready()));
        Assert.Equal("000901" + Convert.ToHexStringLower("sequence"u8), Convert.ToHexStringLower(ZmtpCodec.Subscribe("sequence")));
    }

    [Fact]
    public void A_greeting_of_another_version_or_mechanism_is_none_of_ours()
    {
        var greeting = ZmtpCodec.Greeting();
        Assert.True(ZmtpCodec.IsGreeting(greeting));
        foreach (var at in new[] { 0, 9, 12, 20 })
        {
            var other = greeting.ToArray();
            other[at] ^= 1;
            Assert.False(ZmtpCodec.IsGreeting(other));
        }

        var old = greeting.ToArray();
        old[10] = 2;
        Assert.False(ZmtpCodec.IsGreeting(old));
        Assert.False(ZmtpCodec.IsGreeting(greeting.AsSpan(1)));
    }

    [Theory]
    [InlineData("PUB", true)]
    [InlineData("XPUB", true)]
    [InlineData("SUB", false)]
    [InlineData("", false)]
    public void Only_a_publisher_is_listened_to(string type, bool isPublisher)
    {
        byte[] body = [5, .. "READY"u8, 8, .. "Identity"u8, 0, 0, 0, 0, 11, .. "socket-type"u8, 0, 0, 0, (byte)type.Length, .. System.Text.Encoding.ASCII.GetBytes(type)];

        Assert.Equal(isPublisher, ZmtpCodec.IsReadyOfPublisher(new ZmtpFrame(IsCommand: true, HasMore: false, body)));
        Assert.False(ZmtpCodec.IsReadyOfPublisher(new ZmtpFrame(IsCommand: false, HasMore: false, body)));
        Assert.False(ZmtpCodec.IsReadyOfPublisher(new ZmtpFrame(IsCommand: true, HasMore: false, body.AsMemory(0, body.Length - 1))) && type.Length > 0);
    }

    [Fact]
    public void Any_frame_is_read_back_and_never_before_it_is_whole() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] body, bool hasMore, bool isLong) =>
        {
            byte[] frame = isLong
                ? [(byte)(2 | (hasMore ? 1 : 0)), 0, 0, 0, 0, 0, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body]
                : [(byte)(hasMore ? 1 : 0), (byte)body.Length, .. body];
            for (var length = 0; length < frame.Length; length++)
            {
                if (ZmtpCodec.Read(frame.AsSpan(0, length), 1000, out _, out _) != ZmtpReadStatus.NeedsMore)
                    return false;
            }

            return ZmtpCodec.Read([.. frame, 9, 9], 1000, out var read, out var consumed) == ZmtpReadStatus.Complete
                && consumed == frame.Length
                && read.HasMore == hasMore
                && !read.IsCommand
                && read.Body.Span.SequenceEqual(body);
        }));

    [Fact]
    public void A_frame_beyond_the_bound_is_refused_by_its_header()
    {
        Assert.Equal(ZmtpReadStatus.Invalid, ZmtpCodec.Read([0, 101], 100, out _, out _));
        Assert.Equal(ZmtpReadStatus.Invalid, ZmtpCodec.Read([2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 100, out _, out _));
        Assert.Equal(ZmtpReadStatus.Invalid, ZmtpCodec.Read([8, 0], 100, out _, out _));
        Assert.Equal(ZmtpReadStatus.Invalid, ZmtpCodec.Read([5, 0], 100, out _, out _));
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        Fuzz.Run(
            [ZmtpCodec.Ready(), ZmtpCodec.Subscribe("sequence"), [1, 2, 3, 4, 0, 1, 9]],
            static input =>
            {
                while (ZmtpCodec.Read(input, 4096, out var frame, out var consumed) == ZmtpReadStatus.Complete)
                {
                    _ = ZmtpCodec.IsReadyOfPublisher(frame);
                    _ = ZmqMessage.TryRead([frame.Body, frame.Body, frame.Body], out _);
                    input = input[consumed..];
                }
            },
            limits: new FuzzLimits(BytesPerInputByte: 256, Bytes: 8192));
    }
}
