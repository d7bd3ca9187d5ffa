using System.Buffers.Binary;
using System.Security.Cryptography;
using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Gossip;

/// <summary>
/// Graph and archive as bytes: a mark and a version, nodes, channels with their policies, messages where they are kept, and the SHA-256 of it
/// all. A snapshot that is damaged is refused as a whole; gossip is then asked for again.
/// </summary>
public static class GraphSnapshot
{
    private const uint Mark = 0x54524752;
    private const byte Version = 1;
    private const int NodeBytes = NodeId.Length + 1 + 4 + 2;
    private const int ChannelBytes = 8 + 4 + 4 + 8 + 4 + 4 + 2 + 1 + 1;

    private const byte HasPolicy = 1;
    private const byte IsDisabled = 2;

    /// <summary>Bytes that are handed on at once: what is larger than 85,000 bytes is not given back for long.</summary>
    private const int PieceLength = 1 << 15;

    /// <summary>More than one entry takes: a node or channel with its messages, which are at most 65,535 bytes each but for most some hundred.</summary>
    private const int Headroom = 4096;

    /// <summary>Writes a snapshot.</summary>
    public static byte[] Write(NetworkGraph graph, GossipArchive archive)
    {
        var whole = new ByteWriter((graph.ChannelCount * 128) + (graph.NodeCount * NodeBytes) + checked((int)archive.MessageBytes) + 64);
        Write(graph, archive, whole.WriteBytes);
        return whole.ToArray();
    }

    /// <summary>Writes a snapshot piece by piece: it is several times what the graph alone takes.</summary>
    /// <param name="graph">Not changed meanwhile.</param>
    /// <param name="archive">Not changed meanwhile.</param>
    /// <param name="take">Takes the next piece, which is overwritten when it returns.</param>
    public static void Write(NetworkGraph graph, GossipArchive archive, Action<ReadOnlySpan<byte>> take)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new ByteWriter(PieceLength + Headroom);
        writer.WriteUInt32BigEndian(Mark);
        writer.WriteByte(Version);
        var nodes = Sorted(graph.Nodes, graph.NodeCount);
        writer.WriteUInt32BigEndian((uint)nodes.Length);
        foreach (var node in nodes)
        {
            writer.WriteBytes(node.Span);
            writer.WriteByte(graph.IsAvoided(node) ? (byte)1 : (byte)0);
            writer.WriteUInt32BigEndian(archive.TimestampOf(node));
            WriteMessage(writer, archive.AnnouncementOf(node));
            HandOn(writer, hash, take, PieceLength);
        }

        var channels = Sorted(graph.Channels, graph.ChannelCount);
        writer.WriteUInt32BigEndian((uint)channels.Length);
        foreach (var id in channels)
        {
            graph.TryGetChannel(id, out var node1, out var node2, out var capacity);
            id.WriteTo(writer);
            writer.WriteUInt32BigEndian((uint)Array.BinarySearch(nodes, node1));
            writer.WriteUInt32BigEndian((uint)Array.BinarySearch(nodes, node2));
            writer.WriteUInt64BigEndian((ulong)(capacity?.Value ?? 0));
            writer.WriteUInt32BigEndian(archive.SeenAt(id));
            writer.WriteUInt32BigEndian(archive.ClosedAt(id));
            WriteMessage(writer, archive.AnnouncementOf(id));
            for (var direction = 0; direction < 2; direction++)
                WritePolicy(writer, graph, archive, id, direction);
            HandOn(writer, hash, take, PieceLength);
        }

        HandOn(writer, hash, take, 0);
        take(hash.GetHashAndReset());
    }

    /// <summary>Fills a graph and an archive that are empty; refuses bytes that are no snapshot, and then leaves them half filled.</summary>
    public static Result<NetworkGraph, Refusal> Read(ReadOnlySpan<byte> bytes, GossipArchive archive)
    {
        if (bytes.Length < 4 + 1 + Bytes32.Length || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Mark)
            return new Refusal("snapshot", "is none");
        if (bytes[4] != Version)
            return new Refusal("snapshot.version", $"is {bytes[4]} where {Version} is known");
        var content = bytes[..^Bytes32.Length];
        if (!Hashes.Sha256(content).Span.SequenceEqual(bytes[^Bytes32.Length..]))
            return new Refusal("snapshot", "is damaged");

        var graph = new NetworkGraph();
        var reader = new SpanReader(content[5..]);
        return TryReadNodes(ref reader, out var nodes) && TryReadChannels(ref reader, nodes, graph, archive) && reader.IsAtEnd && TryPlaceNodes(nodes, graph, archive)
            ? graph
            : new Refusal("snapshot", "does not hold what its version says");
    }

    // In place: an ordered sequence would hold all of it three times over.
    private static T[] Sorted<T>(IEnumerable<T> values, int count)
        where T : IComparable<T>
    {
        var sorted = new T[count];
        var i = 0;
        foreach (var value in values)
            sorted[i++] = value;
        Array.Sort(sorted);
        return sorted;
    }

    private static void HandOn(ByteWriter writer, IncrementalHash hash, Action<ReadOnlySpan<byte>> take, int least)
    {
        if (writer.Length < least)
            return;
        hash.AppendData(writer.WrittenSpan);
        take(writer.WrittenSpan);
        writer.Clear();
    }

    private static void WritePolicy(ByteWriter writer, NetworkGraph graph, GossipArchive archive, ShortChannelId id, int direction)
    {
        if (!graph.TryGetPolicy(id, direction, out var policy))
        {
            writer.WriteByte(0);
            return;
        }

        writer.WriteByte((byte)(HasPolicy | (policy.IsDisabled ? IsDisabled : 0)));
        writer.WriteUInt32BigEndian(policy.FeeBaseMilliSatoshis);
        writer.WriteUInt32BigEndian(policy.FeeProportionalMillionths);
        writer.WriteUInt16BigEndian(policy.CltvExpiryDelta);
        writer.WriteUInt64BigEndian((ulong)policy.HtlcMinimum.Value);
        writer.WriteUInt64BigEndian((ulong)policy.HtlcMaximum.Value);
        writer.WriteUInt32BigEndian(policy.Timestamp);
        WriteMessage(writer, archive.UpdateOf(id, direction));
    }

    private static void WriteMessage(ByteWriter writer, ReadOnlyMemory<byte>? message)
    {
        writer.WriteUInt16BigEndian(checked((ushort)(message?.Length ?? 0)));
        if (message is { } present)
            writer.WriteBytes(present.Span);
    }

    private static bool TryReadNodes(ref SpanReader reader, out NodeEntry[] nodes)
    {
        nodes = [];
        if (!reader.TryReadUInt32BigEndian(out var count) || count > (uint)(reader.Remaining / NodeBytes))
            return false;
        nodes = new NodeEntry[count];
        for (var i = 0; i < nodes.Length; i++)
        {
            if (!reader.TryReadBytes(NodeId.Length, out var id) || !reader.TryReadByte(out var avoided) || !reader.TryReadUInt32BigEndian(out var timestamp)
                || !TryReadMessage(ref reader, out var message))
            {
                return false;
            }

            nodes[i] = new NodeEntry(new NodeId(id), avoided != 0, timestamp, message);
        }

        return true;
    }

    private static bool TryReadChannels(ref SpanReader reader, NodeEntry[] nodes, NetworkGraph graph, GossipArchive archive)
    {
        if (!reader.TryReadUInt32BigEndian(out var count) || count > (uint)(reader.Remaining / ChannelBytes))
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!ShortChannelId.TryRead(ref reader, out var id)
                || !reader.TryReadUInt32BigEndian(out var first) || first >= nodes.Length
                || !reader.TryReadUInt32BigEndian(out var second) || second >= nodes.Length
                || nodes[first].Id >= nodes[second].Id
                || !reader.TryReadUInt64BigEndian(out var capacity) || capacity > AmountLimits.SatoshisMax
                || !reader.TryReadUInt32BigEndian(out var seenAt)
                || !reader.TryReadUInt32BigEndian(out var closedAt)
                || !TryReadMessage(ref reader, out var announcement)
                || !graph.AddChannel(id, nodes[first].Id, nodes[second].Id, capacity == 0 ? null : new Satoshis((long)capacity)))
            {
                return false;
            }

            archive.AddChannel(id, announcement, seenAt);
            for (var direction = 0; direction < 2; direction++)
            {
                if (!TryReadPolicy(ref reader, graph, archive, id, direction))
                    return false;
            }

            if (closedAt == 0)
                continue;
            archive.SetClosed(id, closedAt);
            graph.SetClosing(id, isClosing: true);
        }

        return true;
    }

    private static bool TryReadPolicy(ref SpanReader reader, NetworkGraph graph, GossipArchive archive, ShortChannelId id, int direction)
    {
        if (!reader.TryReadByte(out var flags))
            return false;
        if (flags == 0)
            return true;
        if (!reader.TryReadUInt32BigEndian(out var feeBase) || !reader.TryReadUInt32BigEndian(out var millionths) || !reader.TryReadUInt16BigEndian(out var delta)
            || !reader.TryReadUInt64BigEndian(out var minimum) || minimum > long.MaxValue || !reader.TryReadUInt64BigEndian(out var maximum) || maximum > long.MaxValue
            || !reader.TryReadUInt32BigEndian(out var timestamp) || !TryReadMessage(ref reader, out var update))
        {
            return false;
        }

        graph.SetPolicy(
            id,
            direction,
            new ForwardingPolicy(feeBase, millionths, delta, new MilliSatoshis((long)minimum), new MilliSatoshis((long)maximum), (flags & IsDisabled) != 0, timestamp));
        archive.SetUpdate(id, direction, update);
        return true;
    }

    private static bool TryPlaceNodes(NodeEntry[] nodes, NetworkGraph graph, GossipArchive archive)
    {
        foreach (var node in nodes)
        {
            if (!graph.HasNode(node.Id))
                return false;
            graph.Avoid(node.Id, node.IsAvoided);
            if (node.Timestamp != 0)
                archive.SetNode(node.Id, node.Timestamp, node.Announcement);
        }

        return true;
    }

    private static bool TryReadMessage(ref SpanReader reader, out byte[]? message)
    {
        message = null;
        if (!reader.TryReadUInt16BigEndian(out var length) || !reader.TryReadBytes(length, out var bytes))
            return false;
        message = length == 0 ? null : bytes.ToArray();
        return true;
    }

    private sealed record NodeEntry(NodeId Id, bool IsAvoided, uint Timestamp, byte[]? Announcement);
}
