using System.Threading.Channels;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;

namespace Tributary.Lightning.Tests.Node;

/// <summary>A peer that is nothing but a connection: says what a test tells it to, and keeps what it hears.</summary>
internal sealed class GossipPeer : IPeerSink, IAsyncDisposable
{
    private readonly Channel<LightningMessage> _heard = Channel.CreateUnbounded<LightningMessage>();
    private readonly SecretKey _key;
    private readonly PeerHub _hub;
    private PeerConnection? _connection;

    private GossipPeer(int number)
    {
        _key = TestKeys.Secret((byte)number);
        _hub = new PeerHub(_key, new PeerProfile(BitcoinNetwork.Regtest.GenesisHash.Value, PeerProfile.DefaultFeatures), PeerLimits.Default, SystemEntropy.Instance, TimeProvider.System, this);
    }

    internal bool IsOpen => _connection!.IsOpen;

    internal static async Task<GossipPeer> ConnectAsync(WholeNode node, int number, CancellationToken cancellationToken)
    {
        var peer = new GossipPeer(number);
        peer._connection = (await peer._hub.ConnectAsync(node.Address, cancellationToken)).Value;
        return peer;
    }

    internal void Say(params LightningMessage[] messages)
    {
        foreach (var message in messages)
            _connection!.Send(message);
    }

    /// <summary>The next message of a kind.</summary>
    internal async Task<T> HearAsync<T>(CancellationToken cancellationToken)
        where T : LightningMessage
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(4));
        while (true)
        {
            if (await _heard.Reader.ReadAsync(patience.Token) is T wanted)
                return wanted;
        }
    }

    /// <summary>All channels that the node says it knows.</summary>
    internal async Task<IReadOnlyList<ShortChannelId>> AskChannelsAsync(CancellationToken cancellationToken)
    {
        Say(new QueryChannelRange { ChainHash = BitcoinNetwork.Regtest.GenesisHash.Value, FirstBlock = 0, NumberOfBlocks = uint.MaxValue });
        var ids = new List<ShortChannelId>();
        while (true)
        {
            var reply = await HearAsync<ReplyChannelRange>(cancellationToken);
            ids.AddRange(EncodedIds.ReadIds(reply.EncodedShortIds.Span).Value);
            if (reply.SyncComplete == 1)
                return ids;
        }
    }

    void IPeerSink.PeerReady(PeerConnection connection)
    {
    }

    void IPeerSink.PeerMessage(PeerConnection connection, LightningMessage message, int length)
    {
        connection.Done(length);
        _heard.Writer.TryWrite(message);
    }

    void IPeerSink.PeerEnded(PeerConnection connection, PeerClosure closure)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _key.Dispose();
    }
}
