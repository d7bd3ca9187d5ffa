using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Tributary.Bitcoin.Networks;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Peers;
using Tributary.Lightning.Wire;
using Tributary.Testing.Network;

namespace Tributary.Lightning.Tests.Peers;

public sealed class PeerHubTests
{
    private static readonly PeerProfile s_profile = new(BitcoinNetwork.Regtest.GenesisHash.Value, PeerProfile.DefaultFeatures);

    [Fact]
    public async Task Two_hubs_connect_over_tcp_and_exchange_many_messages_in_order()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var one = new Host(1);
        await using var two = new Host(2);
        var connection = (await one.Hub.ConnectAsync(two.Address, cancellationToken)).Value;
        const int Count = 2000;
        for (var i = 0; i < Count; i++)
            Assert.True(connection.Send(new Warning { ChannelId = ChannelId.All, Data = BitConverter.GetBytes(i) }));
        for (var i = 0; i < Count; i++)
        {
            var message = await two.Messages.Reader.ReadAsync(cancellationToken);
            Assert.Equal(i, BitConverter.ToInt32(Assert.IsType<Warning>(message).Data.Span));
        }

        connection.Close(new PeerClosure(PeerClosureKind.Asked, "enough"));
        var ended = await two.Ended.Reader.ReadAsync(cancellationToken);
        Assert.Equal(PeerClosureKind.ClosedByPeer, ended.Kind);
        Assert.Null(two.Hub.Find(one.Key.PublicKey));
    }

    [Fact]
    public async Task Two_hubs_that_dial_each_other_at_once_keep_one_connection()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        for (ulong round = 0; round < 5; round++)
        {
            await using var one = new Host(10 + (2 * round));
            await using var two = new Host(11 + (2 * round));
            await Task.WhenAll(one.Hub.ConnectAsync(two.Address, cancellationToken), two.Hub.ConnectAsync(one.Address, cancellationToken));
            while (one.Open != 1 || two.Open != 1)
                await Task.Delay(5, cancellationToken);
            var connection = one.Hub.Find(two.Key.PublicKey)!;
            Assert.True(connection.Send(new Warning { ChannelId = ChannelId.All, Data = new byte[] { 7 } }));
            await two.Messages.Reader.ReadAsync(cancellationToken);
        }
    }

    [Fact]
    public async Task A_kept_peer_is_dialled_again_when_it_comes_back()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var one = new Host(30);
        var two = new Host(31, (ushort)FreePort.Next());
        one.Hub.Keep(two.Address);
        await one.Connected.Reader.ReadAsync(cancellationToken);
        var port = two.Address.Port;
        await two.DisposeAsync();
        await one.Ended.Reader.ReadAsync(cancellationToken);
        await using var again = new Host(31, port);
        await one.Connected.Reader.ReadAsync(cancellationToken);
    }

    [Fact]
    public async Task Reading_stops_while_the_node_has_too_much_to_deal_with()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var one = new Host(40);
        await using var two = new Host(41, limits: PeerLimits.Default with { BytesInFlightMax = 1000 }) { DealsAtOnce = false };
        var connection = (await one.Hub.ConnectAsync(two.Address, cancellationToken)).Value;
        for (var i = 0; i < 200; i++)
            connection.Send(new Warning { ChannelId = ChannelId.All, Data = new byte[60_000] });

        // One read's worth comes through; the rest waits in the network's buffers.
        var first = await two.Messages.Reader.ReadAsync(cancellationToken);
        Assert.IsType<Warning>(first);
        var taken = 1;
        while (taken < 200)
        {
            Assert.InRange(two.Pending.Sum(static length => (long)length), 0, 200_000);
            while (two.Pending.TryDequeue(out var length))
                two.Hub.Peers[0].Done(length);
            await two.Messages.Reader.ReadAsync(cancellationToken);
            taken++;
        }
    }

    [Fact]
    public async Task A_host_that_is_not_there_is_said_to_be_so()
    {
        await using var one = new Host(50);
        var two = new Host(51, (ushort)FreePort.Next());
        await two.DisposeAsync();
        var closure = (await one.Hub.ConnectAsync(two.Address, TestContext.Current.CancellationToken)).Error;
        Assert.Equal(PeerClosureKind.Unreachable, closure.Kind);
    }

    private sealed class Host : IPeerSink, IAsyncDisposable
    {
        internal Host(ulong seed, ushort port = 0, PeerLimits? limits = null)
        {
            Key = SecretKey.Generate(new SeededEntropy(seed));
            Hub = new PeerHub(Key, s_profile, limits ?? PeerLimits.Default with { RedialDelay = TimeSpan.FromMilliseconds(20) }, SystemEntropy.Instance, TimeProvider.System, this);
            var endpoint = Hub.Listen(new IPEndPoint(IPAddress.Loopback, port)).Value;
            Address = new PeerAddress(Key.PublicKey, "127.0.0.1", (ushort)endpoint.Port);
        }

        internal SecretKey Key { get; }

        internal PeerHub Hub { get; }

        internal PeerAddress Address { get; }

        internal bool DealsAtOnce { get; init; } = true;

        internal int Open => _open;

        internal ConcurrentQueue<int> Pending { get; } = new();

        internal Channel<LightningMessage> Messages { get; } = Channel.CreateUnbounded<LightningMessage>();

        internal Channel<PeerConnection> Connected { get; } = Channel.CreateUnbounded<PeerConnection>();

        internal Channel<PeerClosure> Ended { get; } = Channel.CreateUnbounded<PeerClosure>();

        private int _open;

        public void PeerReady(PeerConnection connection)
        {
            Interlocked.Increment(ref _open);
            Connected.Writer.TryWrite(connection);
        }

        public void PeerMessage(PeerConnection connection, LightningMessage message, int length)
        {
            if (DealsAtOnce)
                connection.Done(length);
            else
                Pending.Enqueue(length);
            Messages.Writer.TryWrite(message);
        }

        public void PeerEnded(PeerConnection connection, PeerClosure closure)
        {
            Interlocked.Decrement(ref _open);
            Ended.Writer.TryWrite(closure);
        }

        public async ValueTask DisposeAsync()
        {
            await Hub.DisposeAsync();
            Key.Dispose();
        }
    }
}
