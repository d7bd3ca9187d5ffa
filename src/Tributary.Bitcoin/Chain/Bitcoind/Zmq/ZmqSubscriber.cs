using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Tributary.Bitcoin.Chain.Bitcoind.Zmq;

/// <summary>
/// One connection to a ZeroMQ publisher over TCP, from the handshake to its end. ZeroMQ carries no credentials: what comes here is a
/// hint to ask by RPC, never data to believe.
/// </summary>
/// <param name="host">The publisher's host.</param>
/// <param name="port">Its port.</param>
/// <param name="topics">What to subscribe to.</param>
/// <param name="bodyBytesMax">A larger frame ends the connection.</param>
/// <param name="time">The clock, for the bound on the handshake.</param>
internal sealed class ZmqSubscriber(string host, int port, IReadOnlyList<string> topics, int bodyBytesMax, TimeProvider time)
{
    private const int PartsMax = 8;
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(10);

    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>Connects and yields notifications until the connection ends.</summary>
    /// <param name="connected">Called when the subscriptions are in force.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    /// <exception cref="IOException">The connection can't be made, ended, or carries something else than ZMTP.</exception>
    internal async IAsyncEnumerable<ZmqMessage> ReadAsync(Action connected, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        // A publisher that vanished without a word is found by the kernel within a minute or so.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 20);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
        await using var stream = await HandshakeAsync(socket, cancellationToken);
        connected();

        var parts = new List<ReadOnlyMemory<byte>>();
        while (true)
        {
            var frame = await ReadFrameAsync(stream, cancellationToken);
            // Commands after the handshake (PING of version 3.1) do not concern a 3.0 subscriber.
            if (frame.IsCommand)
                continue;
            parts.Add(frame.Body);
            if (parts.Count > PartsMax)
                throw new IOException($"{host}:{port} sends messages of more than {PartsMax} parts.");
            if (frame.HasMore)
                continue;
            if (!ZmqMessage.TryRead(parts, out var message))
                throw new IOException($"{host}:{port} sends something else than bitcoind's notifications.");
            parts.Clear();
            yield return message;
        }
    }

    private async Task<NetworkStream> HandshakeAsync(Socket socket, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(s_handshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await socket.ConnectAsync(host, port, either.Token);
            var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync(ZmtpCodec.Greeting(), either.Token);
            var greeting = new byte[ZmtpCodec.GreetingSize];
            await stream.ReadExactlyAsync(greeting, either.Token);
            if (!ZmtpCodec.IsGreeting(greeting))
                throw new IOException($"{host}:{port} is no ZeroMQ publisher without encryption.");

            await stream.WriteAsync(ZmtpCodec.Ready(), either.Token);
            if (!ZmtpCodec.IsReadyOfPublisher(await ReadFrameAsync(stream, either.Token)))
                throw new IOException($"{host}:{port} is a ZeroMQ socket but no publisher.");
            foreach (var topic in topics)
                await stream.WriteAsync(ZmtpCodec.Subscribe(topic), either.Token);
            return stream;
        }
        catch (SocketException exception)
        {
            throw new IOException($"{host}:{port} can't be reached: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{host}:{port} did not finish the handshake within {s_handshakeTimeout.TotalSeconds} seconds.", exception);
        }
    }

    private async ValueTask<ZmtpFrame> ReadFrameAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (ZmtpCodec.Read(_buffer.AsSpan(_start, _end - _start), bodyBytesMax, out var frame, out var consumed))
            {
                case ZmtpReadStatus.Complete:
                    _start += consumed;
                    return frame;
                case ZmtpReadStatus.Invalid:
                    throw new IOException($"{host}:{port} sends what is no ZMTP, or frames of more than {bodyBytesMax} bytes.");
            }

            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
                throw new IOException($"{host}:{port} ended the connection.");
            _end += read;
        }
    }

    /// <summary>Moves what is unread to the front; grows only when the buffer is full of it, so by the bytes present.</summary>
    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
