using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Gossip;

/// <summary>Updates that came before their channels were announced: few, and the oldest go.</summary>
internal sealed class OrphanUpdates(int countMax, int perPeerMax)
{
    private readonly Dictionary<(ShortChannelId Id, int Direction), LinkedListNode<Orphan>> _byChannel = [];
    private readonly LinkedList<Orphan> _oldestFirst = [];
    private readonly Dictionary<NodeId, int> _byPeer = [];

    internal int Count => _byChannel.Count;

    internal void Add(NodeId peer, ChannelUpdate update)
    {
        var key = (update.ShortChannelId, update.Direction);
        if (_byChannel.TryGetValue(key, out var known))
        {
            if (known.Value.Update.Timestamp >= update.Timestamp)
                return;
            Remove(known);
        }

        if (_byPeer.GetValueOrDefault(peer) >= perPeerMax)
            return;
        if (_byChannel.Count >= countMax)
            Remove(_oldestFirst.First!);
        _byChannel[key] = _oldestFirst.AddLast(new Orphan(peer, update));
        _byPeer[peer] = _byPeer.GetValueOrDefault(peer) + 1;
    }

    /// <summary>The updates of a channel, which leave.</summary>
    internal IEnumerable<(NodeId Peer, ChannelUpdate Update)> Take(ShortChannelId id)
    {
        for (var direction = 0; direction < 2; direction++)
        {
            if (!_byChannel.TryGetValue((id, direction), out var node))
                continue;
            Remove(node);
            yield return (node.Value.Peer, node.Value.Update);
        }
    }

    internal void Forget(NodeId peer)
    {
        foreach (var node in _byChannel.Values.Where(node => node.Value.Peer == peer).ToArray())
            Remove(node);
    }

    private void Remove(LinkedListNode<Orphan> node)
    {
        _oldestFirst.Remove(node);
        _byChannel.Remove((node.Value.Update.ShortChannelId, node.Value.Update.Direction));
        var left = _byPeer[node.Value.Peer] - 1;
        if (left == 0)
            _byPeer.Remove(node.Value.Peer);
        else
            _byPeer[node.Value.Peer] = left;
    }

    private sealed record Orphan(NodeId Peer, ChannelUpdate Update);
}
