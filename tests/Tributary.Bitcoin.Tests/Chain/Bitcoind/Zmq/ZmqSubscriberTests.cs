using System.Net.Sockets;
using Tributary.Bitcoin.Chain.Bitcoind.Zmq;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind.Zmq;

public sealed class ZmqSubscriberTests : IDisposable
{
    private readonly FakePublisher _publisher = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _publisher.Dispose();

    [Fact]
    public async Task Messages_come_as_they_were_sent_whatever_the_network_makes_of_their_bytes()
    {
        var publishing = PublishAsync();
        var seen = new List<ZmqMessage>();
        var isConnected = false;
        await foreach (var message in Subscriber().ReadAsync(() => isConnected = true, Cancellation))
        {
            seen.Add(message);
            if (seen.Count == 101)
                break;
        }

        await publishing;
        Assert.True(isConnected);
        Assert.All(seen.Take(100), static (message, i) => Assert.Equal(("sequence", (uint)i, i), (message.Topic, message.Number, message.Body.Length)));
        Assert.Equal("slow", seen[100].Topic);

        async Task PublishAsync()
        {
            var (socket, topics) = await _publisher.HandshakeAsync(2, Cancellation);
            Assert.Equal(["sequence", "hashblock"], topics, StringComparer.Ordinal);
            for (var i = 0u; i < 100; i++)
                await FakePublisher.SendAsync(socket, "sequence", new byte[i], i, Cancellation);
            // One byte at a time.
            byte[] slow = [1, 4, .. "slow"u8, 2 | 1, 0, 0, 0, 0, 0, 0, 0, 2, 7, 7, 4, 1, 9, 0, 4, 1, 0, 0, 0];
            foreach (var one in slow)
                await socket.SendAsync(new[] { one }, Cancellation);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n-----------------------------------------------")]
    public async Task What_does_not_shake_hands_is_an_error_of_the_connection(string answer)
    {
        var answering = Task.Run(async () =>
        {
            using var socket = await _publisher.AcceptAsync(Cancellation);
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(answer), Cancellation);
            socket.Shutdown(SocketShutdown.Send);
        }, Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(ReadOneAsync);
        await answering;
    }

    [Theory]
    [InlineData("0265")]
    [InlineData("02ffffffffffffffff")]
    [InlineData("0101410001420001430001440001450001460001470001480001490001")]
    [InlineData("000141")]
    public async Task Frames_that_are_too_large_or_too_many_or_no_notification_end_the_connection(string hex)
    {
        var publishing = Task.Run(async () =>
        {
            var (socket, _) = await _publisher.HandshakeAsync(2, Cancellation);
            await socket.SendAsync(Convert.FromHexString(hex), Cancellation);
            socket.Shutdown(SocketShutdown.Send);
        }, Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(ReadOneAsync);
        await publishing;
    }

    [Fact]
    public async Task Nobody_there_is_an_error_of_the_connection()
    {
        _publisher.Dispose();

        await Assert.ThrowsAnyAsync<IOException>(ReadOneAsync);
    }

    private ZmqSubscriber Subscriber() => new("127.0.0.1", _publisher.Port, ["sequence", "hashblock"], bodyBytesMax: 100, TimeProvider.System);

    private async Task ReadOneAsync()
    {
        await foreach (var _ in Subscriber().ReadAsync(static () => { }, Cancellation))
            return;
    }
}
