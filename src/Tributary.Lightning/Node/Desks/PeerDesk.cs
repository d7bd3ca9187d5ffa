using Tributary.Lightning.Gossip;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Node.Journal;
using Tributary.Lightning.Node.Loop;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Node.Desks;

/// <summary>Hands what peers say to those whom it concerns. As a sink it only queues; the rest runs in the loop.</summary>
internal sealed class PeerDesk(NodeCore core, ChannelDesk channels, GossipDesk gossip) : IPeerSink
{
    /// <summary>Changes of a channel's policy that are written in a day.</summary>
    private const int PolicyWritesPerDay = 100;

    private readonly Dictionary<NodeId, PeerConnection> _connections = [];
    private readonly DailyQuota<Bytes32> _policyWrites = new(PolicyWritesPerDay);

    /// <summary>Peers that are connected, as the loop knows.</summary>
    internal IReadOnlyDictionary<NodeId, PeerConnection> Connections => _connections;

    public void PeerReady(PeerConnection connection)
    {
        gossip.Connected(connection);
        core.Loop.Post(turn => Connect(turn, connection));
    }

    public void PeerMessage(PeerConnection connection, LightningMessage message, int length)
    {
        if (GossipDesk.Takes(message))
        {
            // The loop hears of updates of peers that we have a channel with: they may be about that.
            if (message is ChannelUpdate && connection.IsKnown)
                core.Loop.Post(turn => HandleOf(turn, connection, message));
            gossip.Take(connection, message, length);
            return;
        }

        core.Loop.Post(turn =>
        {
            connection.Done(length);
            HandleOf(turn, connection, message);
        });
    }

    public void PeerMessages(PeerConnection connection, IReadOnlyList<PeerEvent.Received> messages)
    {
        // An update and its signature are one turn, and so one flush.
        PeerEvent.Received[] ours = [.. messages.Where(static one => !GossipDesk.Takes(one.Message))];
        foreach (var one in messages)
        {
            if (GossipDesk.Takes(one.Message))
                PeerMessage(connection, one.Message, one.Length);
        }

        if (ours.Length == 0)
            return;
        core.Loop.Post(turn =>
        {
            foreach (var one in ours)
            {
                connection.Done(one.Length);
                HandleOf(turn, connection, one.Message);
                turn.RunFollowers();
            }
        });
    }

    public void PeerEnded(PeerConnection connection, PeerClosure closure)
    {
        gossip.Gone(connection);
        core.Loop.Post(turn => Disconnect(turn, connection));
    }

    // Of a connection that another has replaced nothing counts: its channel starts over.
    private void HandleOf(Turn turn, PeerConnection connection, LightningMessage message)
    {
        if (_connections.TryGetValue(new NodeId(connection.NodeId), out var current) && current == connection)
            Handle(turn, connection, message);
    }

    private void Connect(Turn turn, PeerConnection connection)
    {
        var peer = new NodeId(connection.NodeId);
        if (_connections.TryGetValue(peer, out var old))
            Disconnect(turn, old);
        _connections[peer] = connection;
        foreach (var entry in channels.OfPeer(peer).ToArray())
        {
            connection.MarkKnown();
            entry.Connection = connection;
            channels.Run(turn, entry, entry.Channel.Connected(core.Options.Features, connection.RemoteInit.AllFeatures));
        }
    }

    private void Disconnect(Turn turn, PeerConnection connection)
    {
        var peer = new NodeId(connection.NodeId);
        if (_connections.TryGetValue(peer, out var current) && current == connection)
            _connections.Remove(peer);
        foreach (var entry in channels.OfPeer(peer).Where(entry => entry.Connection == connection).ToArray())
        {
            entry.Connection = null;
            channels.Run(turn, entry, entry.Channel.Disconnected());
        }
    }

    private void Handle(Turn turn, PeerConnection connection, LightningMessage message)
    {
        switch (message)
        {
            case OpenChannel open:
                // A script of the wallet is stored before it is promised: that takes the wallet's own time.
                core.Work(async token =>
                {
                    var script = await core.Wallet.NewScriptAsync("close of a channel", token);
                    core.Loop.Post(later =>
                    {
                        if (_connections.TryGetValue(new NodeId(connection.NodeId), out var current) && current == connection)
                            channels.HandleOpen(later, connection, open, script);
                    });
                });
                break;
            case Warning:
                break;
            case ChannelUpdate update:
                TakeUpdate(turn, connection, update);
                break;
            default:
                if (ChannelOf(message) is { } id)
                    channels.HandleMessage(turn, connection, message, id);
                break;
        }
    }

    // What a peer asks for forwarding to us goes into the hints of invoices. The connection proves whose word it is; it must be the peer's own
    // direction, and newer than what it said before (BOLT 7, "The channel_update Message").
    private void TakeUpdate(Turn turn, PeerConnection connection, ChannelUpdate update)
    {
        var peer = new NodeId(connection.NodeId);
        if (update.ChainHash != core.Options.Network.GenesisHash.Value || update.Direction != (peer < core.Keys.Id ? 0 : 1))
            return;
        foreach (var entry in channels.OfPeer(peer))
        {
            var state = entry.Channel.State;
            var isThis = update.ShortChannelId == state.Position || update.ShortChannelId == state.RemoteAlias || update.ShortChannelId == state.Setup.Alias;
            if (!isThis || (entry.PeerPolicy is { } known && update.Timestamp <= known.Timestamp))
                continue;
            entry.PeerPolicy = ForwardingPolicy.Of(update);

            // Kept for the hints of a node that has just started. An update that only says the same again is not worth a write, and who says
            // something else all day long is remembered until the restart.
            if (entry.PeerPolicy.Value with { Timestamp = 0 } != core.State.PeerPolicies.GetValueOrDefault(entry.KeyId) with { Timestamp = 0 } && _policyWrites.TryTake(entry.KeyId, (uint)(core.NowMilliseconds / 1000)))
                core.Record(turn, new NodeRecord.PeerPolicyKnown(entry.KeyId, entry.PeerPolicy.Value));
        }
    }

    private static ChannelId? ChannelOf(LightningMessage message) => message switch
    {
        Error error => error.ChannelId,
        AcceptChannel accept => accept.TemporaryChannelId,
        FundingCreated created => created.TemporaryChannelId,
        FundingSigned signed => signed.ChannelId,
        ChannelReady ready => ready.ChannelId,
        Shutdown shutdown => shutdown.ChannelId,
        ClosingSigned closing => closing.ChannelId,
        UpdateAddHtlc add => add.ChannelId,
        UpdateFulfillHtlc fulfil => fulfil.ChannelId,
        UpdateFailHtlc fail => fail.ChannelId,
        UpdateFailMalformedHtlc fail => fail.ChannelId,
        CommitmentSigned signed => signed.ChannelId,
        RevokeAndAck revoke => revoke.ChannelId,
        UpdateFee fee => fee.ChannelId,
        ChannelReestablish reestablish => reestablish.ChannelId,
        _ => null,
    };
}
