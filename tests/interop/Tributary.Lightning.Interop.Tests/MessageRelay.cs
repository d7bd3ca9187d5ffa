using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Transport;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Interop.Tests;

/// <summary>
/// Stands between a node of ours and LDK and reads along, which it can since it has the keys of both. It remembers what was said, and ends the
/// connection at a message that a test chooses: nobody gets that one, nor any after it.
/// </summary>
internal sealed class MessageRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _sync = new();
    private readonly SecretKey _ours;
    private readonly SecretKey _ldks;
    private readonly int _ldkPort;
    private readonly Task _accepting;
    private TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = -1;
    private int _pongs;

    private MessageRelay(SecretKey ours, SecretKey ldks, int ldkPort)
    {
        _ours = ours;
        _ldks = ldks;
        _ldkPort = ldkPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Every message about channels that came by, in order.</summary>
    internal ConcurrentQueue<(bool FromUs, LightningMessage Message)> Seen { get; } = [];

    /// <summary>How many pings LDK has answered.</summary>
    internal int Pongs => Volatile.Read(ref _pongs);

    /// <summary>Where our node has to dial.</summary>
    internal string Address => $"{_ldks.PublicKey}@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A relay between a node and a peer.</summary>
    internal static async Task<MessageRelay> StartAsync(TributaryNode node, Testing.Ldk.LdkPeer ldk, CancellationToken cancellationToken) =>
        await StartAsync(await node.RevealKeyAsync(cancellationToken), ldk, cancellationToken);

    /// <summary>A relay between whoever has a key, which becomes the relay's own, and a peer.</summary>
    internal static async Task<MessageRelay> StartAsync(SecretKey ours, Testing.Ldk.LdkPeer ldk, CancellationToken cancellationToken)
    {
        var secret = Convert.FromHexString((await ldk.CommandAsync("secret", cancellationToken)).GetString()!);
        if (!SecretKey.TryCreate(secret, out var ldks))
            throw new InvalidOperationException("LDK's key is none.");
        return new MessageRelay(ours, ldks, ldk.Port);
    }

    /// <summary>Lets some messages pass, and ends the connection before the next.</summary>
    /// <returns>Completes when it has ended.</returns>
    internal Task CutAfter(int messages)
    {
        lock (_sync)
        {
            _left = messages;
            _cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _cut.Task;
        }
    }

    /// <summary>Forgets a cut that has not come.</summary>
    internal void CutNoMore()
    {
        lock (_sync)
            _left = -1;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ours.Dispose();
        _ldks.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = RelayAsync(await _listener.AcceptSocketAsync(_stop.Token));
    }

    private async Task RelayAsync(Socket fromUs)
    {
        using var toLdk = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (fromUs)
        {
            try
            {
                await toLdk.ConnectAsync(IPAddress.Loopback, _ldkPort, _stop.Token);
                fromUs.NoDelay = toLdk.NoDelay = true;
                var act = new ByteWriter();
                var ldk = new End(toLdk, TransportSession.Dial(_ours, _ldks.PublicKey, SystemEntropy.Instance, act));
                var us = new End(fromUs, TransportSession.Accept(_ldks, SystemEntropy.Instance));
                await toLdk.SendAsync(act.WrittenMemory, SocketFlags.None, _stop.Token);
                using var gate = new SemaphoreSlim(1, 1);
                var first = await Task.WhenAny(PumpAsync(us, ldk, gate), PumpAsync(ldk, us, gate));
                await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Whoever went away, the other side is told by its socket.
            }
        }

        lock (_sync)
        {
            if (_left == -2)
            {
                _left = -1;
                _cut.TrySetResult();
            }
        }
    }

    private async Task PumpAsync(End from, End to, SemaphoreSlim gate)
    {
        var buffer = new byte[64 * 1024];
        var answers = new ByteWriter();
        while (await from.Socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token) is > 0 and var length)
        {
            await gate.WaitAsync(_stop.Token);
            try
            {
                answers.Clear();
                if (!Take(from, to, buffer.AsSpan(0, length), answers))
                    return;
                await from.Socket.SendAsync(answers.WrittenMemory, SocketFlags.None, _stop.Token);
                if (!to.Session.IsConnected)
                    continue;
                foreach (var message in from.Waiting)
                    to.Session.Send(message, to.Output);
                from.Waiting.Clear();
                await to.Socket.SendAsync(to.Output.WrittenMemory, SocketFlags.None, _stop.Token);
                to.Output.Clear();
            }
            finally
            {
                gate.Release();
            }
        }
    }

    // False when the connection is to end here: what came before the cut still goes out.
    private bool Take(End from, End to, ReadOnlySpan<byte> input, ByteWriter answers)
    {
        while (true)
        {
            switch (from.Session.Receive(ref input, answers, out var message))
            {
                case TransportStatus.NeedsMore:
                    return true;
                case TransportStatus.Message when Passes(from.IsLdk(_ldkPort), message):
                    from.Waiting.Add(message.ToArray());
                    break;
                case TransportStatus.Message:
                    foreach (var waiting in from.Waiting)
                        to.Session.Send(waiting, to.Output);
                    to.Socket.Send(to.Output.WrittenSpan);
                    return false;
                case TransportStatus.Failed:
                    return false;
                default:
                    break;
            }
        }
    }

    private bool Passes(bool isLdks, ReadOnlySpan<byte> bytes)
    {
        if (!LightningMessage.Read(bytes).TryGet(out var message, out _))
            return true;
        if (isLdks && message.Type is MessageType.Pong)
            Interlocked.Increment(ref _pongs);
        if (message.Type is MessageType.Init or MessageType.Ping or MessageType.Pong || (ushort)message.Type is >= 256 and < 300)
            return true;
        lock (_sync)
        {
            if (_left == -2)
                return false;
            if (_left == 0)
            {
                _left = -2;
                return false;
            }

            if (_left > 0)
                _left--;
        }

        Seen.Enqueue((!isLdks, message));
        return true;
    }

    private sealed record End(Socket Socket, TransportSession Session)
    {
        internal ByteWriter Output { get; } = new();

        internal List<byte[]> Waiting { get; } = [];

        internal bool IsLdk(int ldkPort) => ((IPEndPoint)Socket.RemoteEndPoint!).Port == ldkPort;
    }
}
