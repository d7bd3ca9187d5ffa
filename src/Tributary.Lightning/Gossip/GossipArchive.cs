using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Gossip;

/// <summary>What is known of channels and nodes beside what path finding needs: signed messages as they came, and when.</summary>
public sealed class GossipArchive
{
    private readonly Dictionary<ShortChannelId, ArchivedChannel> _channels = [];
    private readonly Dictionary<NodeId, ArchivedNode> _nodes = [];

    /// <summary>Bytes of messages that are held.</summary>
    public long MessageBytes { get; private set; }

    /// <summary>The announcement of a channel; null when it is not there or messages are not kept.</summary>
    public ReadOnlyMemory<byte>? AnnouncementOf(ShortChannelId id) => _channels.TryGetValue(id, out var channel) ? Present(channel.Announcement) : null;

    /// <summary>An update of a channel.</summary>
    public ReadOnlyMemory<byte>? UpdateOf(ShortChannelId id, int direction) =>
        _channels.TryGetValue(id, out var channel) ? Present(direction == 0 ? channel.Update0 : channel.Update1) : null;

    /// <summary>The announcement of a node.</summary>
    public ReadOnlyMemory<byte>? AnnouncementOf(NodeId node) => _nodes.TryGetValue(node, out var found) ? Present(found.Announcement) : null;

    /// <summary>Where a node can be reached, as it last announced; nothing when messages are not kept.</summary>
    public IReadOnlyList<NodeAddress> AddressesOf(NodeId node) =>
        AnnouncementOf(node) is { } bytes && LightningMessage.Read(bytes.Span).TryGet(out var message) && message is NodeAnnouncement announcement
            ? NodeAddresses.Read(announcement.Addresses.Span)
            : [];

    /// <summary>Channels whose funding is spent, with the height.</summary>
    internal Dictionary<ShortChannelId, uint> Closed() =>
        _channels.Where(static pair => pair.Value.ClosedAt != 0).ToDictionary(static pair => pair.Key, static pair => pair.Value.ClosedAt);

    internal void AddChannel(ShortChannelId id, byte[]? announcement, uint seenAt)
    {
        _channels[id] = new ArchivedChannel { Announcement = announcement, SeenAt = seenAt };
        MessageBytes += announcement?.Length ?? 0;
    }

    internal void RemoveChannel(ShortChannelId id)
    {
        if (_channels.Remove(id, out var channel))
            MessageBytes -= (channel.Announcement?.Length ?? 0) + (channel.Update0?.Length ?? 0) + (channel.Update1?.Length ?? 0);
    }

    internal void SetUpdate(ShortChannelId id, int direction, byte[]? update)
    {
        if (!_channels.TryGetValue(id, out var channel))
            return;
        ref var place = ref direction == 0 ? ref channel.Update0 : ref channel.Update1;
        MessageBytes += (update?.Length ?? 0) - (place?.Length ?? 0);
        place = update;
    }

    internal void SetNode(NodeId node, uint timestamp, byte[]? announcement)
    {
        RemoveNode(node);
        _nodes[node] = new ArchivedNode(timestamp, announcement);
        MessageBytes += announcement?.Length ?? 0;
    }

    internal void RemoveNode(NodeId node)
    {
        if (_nodes.Remove(node, out var old))
            MessageBytes -= old.Announcement?.Length ?? 0;
    }

    /// <summary>The height of the block that spent a channel's funding; zero when none did.</summary>
    internal uint ClosedAt(ShortChannelId id) => _channels.TryGetValue(id, out var channel) ? channel.ClosedAt : 0;

    internal void SetClosed(ShortChannelId id, uint height)
    {
        if (_channels.TryGetValue(id, out var channel))
            channel.ClosedAt = height;
    }

    /// <summary>When a channel was taken in; zero when it is not there.</summary>
    internal uint SeenAt(ShortChannelId id) => _channels.TryGetValue(id, out var channel) ? channel.SeenAt : 0;

    /// <summary>The timestamp of a node's newest announcement; zero for none.</summary>
    internal uint TimestampOf(NodeId node) => _nodes.TryGetValue(node, out var found) ? found.Timestamp : 0;

    // The cast matters: a bare null would become an empty memory.
    private static ReadOnlyMemory<byte>? Present(byte[]? bytes) => bytes is null ? null : (ReadOnlyMemory<byte>?)bytes;

    private sealed class ArchivedChannel
    {
        internal byte[]? Announcement;
        internal byte[]? Update0;
        internal byte[]? Update1;
        internal uint SeenAt;
        internal uint ClosedAt;
    }

    private sealed record ArchivedNode(uint Timestamp, byte[]? Announcement);
}
