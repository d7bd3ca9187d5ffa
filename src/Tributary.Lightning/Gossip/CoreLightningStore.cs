using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Gossip;

/// <summary>
/// Reads the file in which Core Lightning keeps its gossip (<c>gossip_store</c>, major version 0): a version byte, then records of flags,
/// length, checksum and timestamp before a message. For starting from a file that its owner trusts: signatures are not checked.
/// </summary>
public static class CoreLightningStore
{
    private const int HeaderLength = 12;
    private const ushort DeletedFlag = 0x8000;
    private const ushort AmountType = 4101;

    /// <summary>Adds the channels, policies and node features of a store to a graph; refuses a file that is no store or is cut.</summary>
    /// <param name="store">The file.</param>
    /// <param name="graph">Takes what it says.</param>
    /// <param name="archive">Takes the messages themselves; null for none.</param>
    /// <returns>What it brought.</returns>
    public static Result<CoreLightningStoreSummary, Refusal> Load(ReadOnlySpan<byte> store, NetworkGraph graph, GossipArchive? archive = null)
    {
        if (store.IsEmpty || store[0] >> 5 != 0)
            return new Refusal("version", "is not that of a gossip_store of major version 0");
        var reader = new SpanReader(store[1..]);
        ChannelAnnouncement? waiting = null;
        var (channels, updates, nodes) = (0, 0, 0);
        while (!reader.IsAtEnd)
        {
            if (!TryReadRecord(ref reader, out var flags, out var message))
                return new Refusal("record", "is cut short");
            if ((flags & DeletedFlag) != 0)
                continue;

            var payload = new SpanReader(message);
            if (!payload.TryReadUInt16BigEndian(out var type))
                return new Refusal("record.type", "is cut short");
            if (type == AmountType)
            {
                // A channel's value follows its announcement.
                if (waiting is null || !payload.TryReadUInt64BigEndian(out var satoshis) || satoshis > AmountLimits.SatoshisMax)
                    return new Refusal("record.amount", "does not follow a channel or is no amount");
                if (waiting.NodeId1 < waiting.NodeId2 && graph.AddChannel(waiting.ShortChannelId, waiting.NodeId1, waiting.NodeId2, new Satoshis((long)satoshis)))
                {
                    archive?.AddChannel(waiting.ShortChannelId, waiting.ToArray(), seenAt: 0);
                    channels++;
                }

                waiting = null;
                continue;
            }

            if ((MessageType)type is not (MessageType.ChannelAnnouncement or MessageType.ChannelUpdate or MessageType.NodeAnnouncement))
                continue;
            if (!LightningMessage.Read(message).TryGet(out var read, out var refusal))
                return refusal;
            switch (read)
            {
                case ChannelAnnouncement announcement:
                    waiting = announcement;
                    break;
                case ChannelUpdate update when graph.SetPolicy(update.ShortChannelId, update.Direction, ForwardingPolicy.Of(update)):
                    archive?.SetUpdate(update.ShortChannelId, update.Direction, update.ToArray());
                    updates++;
                    break;
                case NodeAnnouncement node when graph.HasNode(node.NodeId):
                    graph.Avoid(node.NodeId, node.Features.TryFindUnknownRequired(out _));
                    archive?.SetNode(node.NodeId, node.Timestamp, node.ToArray());
                    nodes++;
                    break;
            }
        }

        return new CoreLightningStoreSummary(channels, updates, nodes);
    }

    private static bool TryReadRecord(ref SpanReader reader, out ushort flags, out ReadOnlySpan<byte> message)
    {
        message = default;
        return reader.TryReadUInt16BigEndian(out flags)
            & reader.TryReadUInt16BigEndian(out var length)
            & reader.TrySkip(HeaderLength - 4)
            && reader.TryReadBytes(length, out message);
    }
}
