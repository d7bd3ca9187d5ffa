using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Crypto;
using Tributary.Lightning.Transport;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Transport;

public sealed class TransportSessionTests
{
    // BOLT 8, appendix A, "Message Encryption Tests": 1,002 times "hello", two rotations of the key.
    [Theory]
    [InlineData(0, "cf2b30ddf0cf3f80e7c35a6e6730b59fe802473180f396d88a8fb0db8cbcf25d2f214cf9ea1d95")]
    [InlineData(1, "72887022101f0b6753e0c7de21657d35a4cb2a1f5cde2650528bbc8f837d0f0d7ad833b1a256a1")]
    [InlineData(500, "178cb9d7387190fa34db9c2d50027d21793c9bc2d40b1e14dcf30ebeeeb220f48364f7a4c68bf8")]
    [InlineData(501, "1b186c57d44eb6de4c057c49940d79bb838a145cb528d6e8fd26dbe50a60ca2c104b56b60e45bd")]
    [InlineData(1000, "4a2f3cc3b5e78ddb83dcb426d9863d9d9a723b0337c89dd0b005d89f8d3c05c52b76b29b740f09")]
    [InlineData(1001, "2ecd8c8a5629d0d02ab457a0fdd0f7b90a192cd46be5ecb6ca570bfc5e268338b1a16cf4ef2d36")]
    public void Frames_are_those_of_the_vector_and_the_peer_reads_them(int number, string expected)
    {
        var (initiator, responder) = Connect();
        var output = new ByteWriter();
        for (var i = 0; i <= number; i++)
        {
            output.Clear();
            initiator.Send("hello"u8, output);
            var wire = output.WrittenSpan;
            Assert.Equal(TransportStatus.Message, responder.Receive(ref wire, new ByteWriter(), out var message));
            Assert.Equal("hello", Encoding.ASCII.GetString(message));
            Assert.True(wire.IsEmpty);
        }

        Assert.Equal(expected, Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Fact]
    public void Messages_arrive_however_the_network_cuts_them() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[][] messages, byte cut) =>
        {
            var (initiator, responder) = Connect();
            var wire = new ByteWriter();
            foreach (var message in messages)
                responder.Send(message, wire);

            var received = new List<byte[]>();
            foreach (var piece in wire.ToArray().Chunk(1 + cut))
            {
                ReadOnlySpan<byte> input = piece;
                while (initiator.Receive(ref input, new ByteWriter(), out var message) == TransportStatus.Message)
                    received.Add(message.ToArray());
                Assert.True(input.IsEmpty);
            }

            Assert.Equal(messages, received);
        }));

    [Fact]
    public void The_longest_message_passes_and_a_longer_one_is_a_bug()
    {
        var (initiator, responder) = Connect();
        var wire = new ByteWriter();
        var longest = new byte[TransportSession.MessageLengthMax];
        longest[^1] = 1;
        initiator.Send(longest, wire);
        var input = wire.WrittenSpan;
        Assert.Equal(TransportStatus.Message, responder.Receive(ref input, new ByteWriter(), out var message));
        Assert.True(message.SequenceEqual(longest));
        Assert.Throws<ArgumentOutOfRangeException>(() => initiator.Send(new byte[TransportSession.MessageLengthMax + 1], wire));
    }

    [Fact]
    public void One_changed_bit_ends_the_connection()
    {
        for (var at = 0; at < TransportSession.HeaderLength + 5 + 16; at++)
        {
            var (initiator, responder) = Connect();
            var wire = new ByteWriter();
            initiator.Send("hello"u8, wire);
            initiator.Send("hello"u8, wire);
            var bytes = wire.ToArray();
            bytes[at] ^= 1;
            ReadOnlySpan<byte> input = bytes;
            Assert.Equal(TransportStatus.Failed, responder.Receive(ref input, new ByteWriter(), out _));
            Assert.Equal(TransportStatus.Failed, responder.Receive(ref input, new ByteWriter(), out _));
            Assert.False(responder.IsConnected);
        }
    }

    [Fact]
    public void A_whole_frame_is_read_and_written_without_allocating()
    {
        var (initiator, responder) = Connect();
        var wire = new ByteWriter(4096);
        var nothing = new ByteWriter();
        var message = new byte[1000];
        Exchange();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var received = 0;
        for (var i = 0; i < 400; i++)
            received += Exchange() == TransportStatus.Message ? 1 : 0;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(400, received);

        TransportStatus Exchange()
        {
            wire.Clear();
            initiator.Send(message, wire);
            var input = wire.WrittenSpan;
            return responder.Receive(ref input, nothing, out _);
        }
    }

    [Fact]
    public void Nothing_is_sent_before_the_handshake_is_over()
    {
        using var session = TransportSession.Accept(TestKeys.Secret(0x21), new SeededEntropy(1));
        Assert.Throws<InvalidOperationException>(() => session.Send("hello"u8, new ByteWriter()));
    }

    private static (TransportSession Initiator, TransportSession Responder) Connect()
    {
        var responderKey = TestKeys.Secret(0x21);
        var toResponder = new ByteWriter();
        var toInitiator = new ByteWriter();
        var initiator = TransportSession.Dial(
            TestKeys.Secret(0x11), responderKey.PublicKey, new FixedEntropy([.. Enumerable.Repeat((byte)0x12, 32)]), toResponder);
        var responder = TransportSession.Accept(responderKey, new FixedEntropy([.. Enumerable.Repeat((byte)0x22, 32)]));

        var input = toResponder.WrittenSpan;
        Assert.Equal(TransportStatus.NeedsMore, responder.Receive(ref input, toInitiator, out _));
        toResponder.Clear();
        input = toInitiator.WrittenSpan;
        Assert.Equal(TransportStatus.Connected, initiator.Receive(ref input, toResponder, out _));
        input = toResponder.WrittenSpan;
        Assert.Equal(TransportStatus.Connected, responder.Receive(ref input, toInitiator, out _));
        Assert.Equal(TestKeys.Secret(0x11).PublicKey, responder.RemoteNodeId);
        Assert.Equal(responderKey.PublicKey, initiator.RemoteNodeId);
        return (initiator, responder);
    }
}
