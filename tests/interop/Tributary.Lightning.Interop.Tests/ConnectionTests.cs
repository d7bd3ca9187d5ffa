using System.Net;
using System.Threading.Channels;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;
using Tributary.Testing.Bitcoind;
using Tributary.Testing.Ldk;

namespace Tributary.Lightning.Interop.Tests;

public sealed class ConnectionTests(BitcoindFixture bitcoind, LdkFixture ldk)
{
    [Fact]
    public async Task Connections_are_made_from_either_side_and_stay()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var chain = await bitcoind.GetSharedAsync(cancellationToken);
        await using var peer = await ldk.StartAsync(chain, 1, settings: null, cancellationToken);
        using var key = SecretKey.Generate(SystemEntropy.Instance);
        var sink = new Sink();
        var profile = new PeerProfile(BitcoinNetwork.Regtest.GenesisHash.Value, PeerProfile.DefaultFeatures);
        var limits = PeerLimits.Default with { PingAfter = TimeSpan.FromSeconds(1), PongTimeout = TimeSpan.FromSeconds(5) };
        await using var hub = new PeerHub(key, profile, limits, SystemEntropy.Instance, TimeProvider.System, sink);
        var endpoint = hub.Listen(new IPEndPoint(IPAddress.Loopback, 0)).Value;

        // We dial; LDK answers our pings.
        var connection = (await hub.ConnectAsync(PeerAddress.Parse(peer.Address).Value, cancellationToken)).Value;
        await Task.Delay(TimeSpan.FromSeconds(4), cancellationToken);
        Assert.True(connection.IsOpen);
        Assert.Equal(key.PublicKey.ToString(), (await peer.CommandAsync("peers", cancellationToken))[0].GetString());
        connection.Close(new PeerClosure(PeerClosureKind.Asked, "the test goes on"));
        await sink.Ended.Reader.ReadAsync(cancellationToken);

        // LDK dials.
        await peer.CommandAsync("connect", cancellationToken, ("id", key.PublicKey.ToString()), ("port", endpoint.Port));
        var inbound = hub.Find(PeerAddress.ParseNodeId(peer.Id).Value);
        Assert.True(inbound is { IsInbound: true, IsOpen: true });
    }

    private sealed class Sink : IPeerSink
    {
        internal Channel<PeerClosure> Ended { get; } = Channel.CreateUnbounded<PeerClosure>();

        public void PeerReady(PeerConnection connection)
        {
        }

        public void PeerMessage(PeerConnection connection, LightningMessage message, int length) => connection.Done(length);

        public void PeerEnded(PeerConnection connection, PeerClosure closure) => Ended.Writer.TryWrite(closure);
    }
}
