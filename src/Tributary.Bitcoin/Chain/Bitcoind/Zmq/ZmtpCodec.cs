using System.Buffers.Binary;
using System.Text;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Chain.Bitcoind.Zmq;

/// <summary>
/// The bytes of ZMTP 3.0 with the NULL mechanism, as a subscriber needs them (RFC 23/ZMTP): greeting, READY, subscriptions, frames.
/// No I/O; reads of untrusted bytes never throw and copy no more than the bytes present.
/// </summary>
internal static class ZmtpCodec
{
    /// <summary>A greeting's size in bytes.</summary>
    internal const int GreetingSize = 64;

    private const byte MoreFlag = 1;
    private const byte LongFlag = 2;
    private const byte CommandFlag = 4;

    /// <summary>Our greeting: signature, version 3.0, mechanism NULL, not a server.</summary>
    internal static byte[] Greeting()
    {
        var greeting = new byte[GreetingSize];
        greeting[0] = 0xff;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        "NULL"u8.CopyTo(greeting.AsSpan(12));
        return greeting;
    }

    /// <summary>True for the greeting of a peer that speaks version 3 with the NULL mechanism.</summary>
    internal static bool IsGreeting(ReadOnlySpan<byte> bytes)
    {
        var mechanism = "NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8;
        return bytes.Length == GreetingSize && bytes[0] == 0xff && bytes[9] == 0x7f && bytes[10] >= 3 && bytes.Slice(12, 20).SequenceEqual(mechanism);
    }

    /// <summary>Our READY command: we are a subscriber.</summary>
    internal static byte[] Ready()
    {
        var body = new ByteWriter(64);
        WriteShortText(body, "READY");
        WriteShortText(body, "Socket-Type");
        body.WriteUInt32BigEndian(3);
        body.WriteBytes("SUB"u8);
        return Frame(CommandFlag, body.WrittenSpan);
    }

    /// <summary>The message that subscribes to a topic.</summary>
    internal static byte[] Subscribe(string topic) => Frame(0, [1, .. Encoding.ASCII.GetBytes(topic)]);

    /// <summary>True for the READY command of a publisher.</summary>
    internal static bool IsReadyOfPublisher(ZmtpFrame frame)
    {
        var reader = new SpanReader(frame.Body.Span);
        if (!frame.IsCommand || !TryReadShortText(ref reader, out var name) || !name.SequenceEqual("READY"u8))
            return false;

        while (!reader.IsAtEnd)
        {
            if (!TryReadShortText(ref reader, out var property)
                || !reader.TryReadUInt32BigEndian(out var length)
                || length > (uint)reader.Remaining
                || !reader.TryReadBytes((int)length, out var value))
                return false;
            // Property names are compared without regard to case.
            if (Ascii.EqualsIgnoreCase(property, "Socket-Type"u8))
                return value.SequenceEqual("PUB"u8) || value.SequenceEqual("XPUB"u8);
        }

        return false;
    }

    /// <summary>Reads the frame at the start of the bytes and copies its body.</summary>
    /// <param name="bytes">What has come so far.</param>
    /// <param name="bodyBytesMax">A larger body is refused as soon as its size is known.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="consumed">Bytes that the frame takes.</param>
    internal static ZmtpReadStatus Read(ReadOnlySpan<byte> bytes, int bodyBytesMax, out ZmtpFrame frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (bytes.IsEmpty)
            return ZmtpReadStatus.NeedsMore;

        var flags = bytes[0];
        var isCommand = (flags & CommandFlag) != 0;
        if (flags > (MoreFlag | LongFlag | CommandFlag) || (isCommand && (flags & MoreFlag) != 0))
            return ZmtpReadStatus.Invalid;

        ulong size;
        int header;
        if ((flags & LongFlag) != 0)
        {
            header = 9;
            if (bytes.Length < header)
                return ZmtpReadStatus.NeedsMore;
            size = BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]);
        }
        else
        {
            header = 2;
            if (bytes.Length < header)
                return ZmtpReadStatus.NeedsMore;
            size = bytes[1];
        }

        if (size > (ulong)bodyBytesMax)
            return ZmtpReadStatus.Invalid;
        if ((ulong)(bytes.Length - header) < size)
            return ZmtpReadStatus.NeedsMore;

        consumed = header + (int)size;
        frame = new ZmtpFrame(isCommand, (flags & MoreFlag) != 0, bytes[header..consumed].ToArray());
        return ZmtpReadStatus.Complete;
    }

    private static byte[] Frame(byte flags, ReadOnlySpan<byte> body)
    {
        var frame = new byte[2 + body.Length];
        frame[0] = flags;
        frame[1] = checked((byte)body.Length);
        body.CopyTo(frame.AsSpan(2));
        return frame;
    }

    private static void WriteShortText(ByteWriter writer, string text)
    {
        writer.WriteByte((byte)text.Length);
        writer.WriteBytes(Encoding.ASCII.GetBytes(text));
    }

    private static bool TryReadShortText(ref SpanReader reader, out ReadOnlySpan<byte> text)
    {
        text = default;
        return reader.TryReadByte(out var length) && reader.TryReadBytes(length, out text);
    }
}
