using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tributary.Bitcoin.Chain.Bitcoind.Zmq;

namespace Tributary.Bitcoin.Tests.Chain.Bitcoind.Zmq;

/// <summary>The other side of a subscription: does the handshake as libzmq does, and sends what a test wants.</summary>
internal sealed class FakePublisher : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public FakePublisher() => _listener.Start();

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken) => await _listener.AcceptSocketAsync(cancellationToken);

    /// <summary>Accepts and shakes hands; returns the topics that were subscribed to.</summary>
    public async Task<(Socket Socket, string[] Topics)> HandshakeAsync(int topics, CancellationToken cancellationToken)
    {
        var socket = await AcceptAsync(cancellationToken);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        await stream.WriteAsync(ZmtpCodec.Greeting(), cancellationToken);
        await stream.WriteAsync(new byte[] { 4, 25, 5, (byte)'R', (byte)'E', (byte)'A', (byte)'D', (byte)'Y', 11 }.Concat("Socket-Type"u8.ToArray()).Concat(new byte[] { 0, 0, 0, 3 }).Concat("PUB"u8.ToArray()).ToArray(), cancellationToken);
        await stream.ReadExactlyAsync(new byte[ZmtpCodec.GreetingSize + ZmtpCodec.Ready().Length], cancellationToken);
        var names = new string[topics];
        for (var i = 0; i < topics; i++)
        {
            var header = new byte[2];
            await stream.ReadExactlyAsync(header, cancellationToken);
            var body = new byte[header[1]];
            await stream.ReadExactlyAsync(body, cancellationToken);
            names[i] = Encoding.ASCII.GetString(body.AsSpan(1));
        }

        return (socket, names);
    }

    public static async Task SendAsync(Socket socket, string topic, byte[] body, uint number, CancellationToken cancellationToken)
    {
        var tail = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(tail, number);
        byte[] message = [1, (byte)topic.Length, .. Encoding.ASCII.GetBytes(topic), 1, (byte)body.Length, .. body, 0, sizeof(uint), .. tail];
        await socket.SendAsync(message, cancellationToken);
    }

    public void Dispose() => _listener.Dispose();
}
