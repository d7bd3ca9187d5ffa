using System.Buffers.Binary;
using System.Text;

namespace Tributary.Bitcoin.Chain.Bitcoind.Zmq;

/// <summary>A notification of bitcoind: topic, body and the topic's running number, by which a lost one shows.</summary>
/// <param name="Topic">"sequence", "hashblock", …</param>
/// <param name="Body">What the topic carries (Bitcoin Core, <c>doc/zmq.md</c>).</param>
/// <param name="Number">Counts up by one per topic.</param>
internal readonly record struct ZmqMessage(string Topic, ReadOnlyMemory<byte> Body, uint Number)
{
    private const int TopicBytesMax = 32;

    /// <summary>Reads the three parts of a notification.</summary>
    internal static bool TryRead(IReadOnlyList<ReadOnlyMemory<byte>> parts, out ZmqMessage message)
    {
        message = default;
        if (parts.Count != 3 || parts[0].Length is 0 or > TopicBytesMax || parts[2].Length != sizeof(uint) || !Ascii.IsValid(parts[0].Span))
            return false;
        message = new ZmqMessage(Encoding.ASCII.GetString(parts[0].Span), parts[1], BinaryPrimitives.ReadUInt32LittleEndian(parts[2].Span));
        return true;
    }
}
