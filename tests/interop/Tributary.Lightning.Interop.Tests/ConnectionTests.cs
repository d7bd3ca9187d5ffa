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
        var limits = PeerLimits.Default with { PingAfter = TimeSpan.FromSeconds(1), PongTimeout = TimeSpan.FromMinutes(1) };
        await using var hub = new PeerHub(key, profile, limits, SystemEntropy.Instance, TimeProvider.System, sink);
        var endpoint = hub.Listen(new IPEndPoint(IPAddress.Loopback, 0)).Value;

        // We dial; LDK answers our pings.
        await using var relay = await MessageRelay.StartAsync(Copy(key), peer, cancellationToken);
        var connection = (await hub.ConnectAsync(PeerAddress.Parse(relay.Address).Value, cancellationToken)).Value;
        await UntilAsync(() => Task.FromResult(relay.Pongs >= 2), "LDK answers no ping", cancellationToken);
        Assert.True(connection.IsOpen);
        Assert.Equal(key.PublicKey.ToString(), (await peer.CommandAsync("peers", cancellationToken))[0].GetString());
        connection.Close(new PeerClosure(PeerClosureKind.Asked, "the test goes on"));
        await sink.Ended.Reader.ReadAsync(cancellationToken);

        // LDK dials, once it has heard that the first connection is over.
        await UntilAsync(async () => (await peer.CommandAsync("peers", cancellationToken)).GetArrayLength() == 0, "LDK keeps the connection", cancellationToken);
        await peer.CommandAsync("connect", cancellationToken, ("id", key.PublicKey.ToString()), ("port", endpoint.Port));
        await UntilAsync(() => Task.FromResult(hub.Find(PeerAddress.ParseNodeId(peer.Id).Value) is { IsInbound: true, IsOpen: true }), "LDK does not come", cancellationToken);
    }

    private static SecretKey Copy(SecretKey key)
    {
        Span<byte> bytes = stackalloc byte[32];
        key.WriteTo(bytes);
        return SecretKey.TryCreate(bytes, out var copy) ? copy : throw new InvalidOperationException("The key is none.");
    }

    private static async Task UntilAsync(Func<Task<bool>> holds, string otherwise, CancellationToken cancellationToken)
    {
        for (var patience = 0; !await holds(); patience++)
        {
            Assert.True(patience < 6000, otherwise);
            await Task.Delay(20, cancellationToken);
        }
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
