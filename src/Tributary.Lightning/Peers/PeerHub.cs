using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Peers;

/// <summary>All connections of a node: listens, dials, dials again, and keeps one connection for each peer. Safe to call from any thread.</summary>
public sealed class PeerHub : IPeerHub, IPeerSink, IAsyncDisposable
{
    private const int Backlog = 128;
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    /// <summary>Two nodes that dial each other at the same moment must agree on which connection stays.</summary>
    private static readonly TimeSpan s_crossing = TimeSpan.FromSeconds(10);

    private readonly SecretKey _key;
    private readonly PeerProfile _profile;
    private readonly PeerLimits _limits;
    private readonly IEntropy _entropy;
    private readonly IPeerSink _sink;
    private readonly PeerClock _clock;
    private readonly HandshakeGate _gate;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _sync = new();
    private readonly Dictionary<PublicKey, SocketConnection> _peers = [];
    private readonly Dictionary<PublicKey, KeptPeer> _kept = [];
    private readonly HashSet<SocketConnection> _connections = [];

    // What the sink has been told of: it hears of the end of these, and of no others.
    private readonly HashSet<PeerConnection> _announced = [];
    private readonly HashSet<Task> _tasks = [];
    private readonly List<Socket> _listeners = [];
    private bool _isClosed;

    /// <summary>Starts without listening. The key stays the caller's and outlives the hub.</summary>
    public PeerHub(SecretKey key, PeerProfile profile, PeerLimits limits, IEntropy entropy, TimeProvider time, IPeerSink sink)
    {
        _key = key;
        _profile = profile;
        _limits = limits;
        _entropy = entropy;
        _sink = sink;
        _clock = new PeerClock(time);
        _gate = new HandshakeGate(limits);
        Start(TickAsync());
    }

    /// <summary>Connections that are ready.</summary>
    public IReadOnlyList<PeerConnection> Peers
    {
        get
        {
            lock (_sync)
                return [.. _peers.Values];
        }
    }

    /// <summary>The connection with a peer, if there is one.</summary>
    public PeerConnection? Find(PublicKey nodeId)
    {
        lock (_sync)
            return _peers.GetValueOrDefault(nodeId);
    }

    /// <summary>Takes connections on an address; port 0 takes a free one.</summary>
    /// <returns>Where it listens.</returns>
    [SuppressMessage("Reliability", "CA2000", Justification = "The hub owns the socket.")]
    public Result<IPEndPoint, Refusal> Listen(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!OperatingSystem.IsWindows())
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(address);
            socket.Listen(Backlog);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            return new Refusal("listen", $"{address} can't be listened on: {exception.Message}; choose another port, or 0 for a free one");
        }

        lock (_sync)
            _listeners.Add(socket);
        Start(AcceptAsync(socket));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>Dials unless there is a connection already, and waits until messages may be sent.</summary>
    public async Task<Result<PeerConnection, PeerClosure>> ConnectAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        if (Find(address.NodeId) is { } open)
            return open;
        if (address.NodeId == _key.PublicKey)
            return new PeerClosure(PeerClosureKind.Asked, "that is this node itself");
        if (!(await DialAsync(address, cancellationToken)).TryGet(out var connection, out var failed))
            return failed;
        var failure = await connection.Ready.WaitAsync(cancellationToken);

        // Where the peer dialled at the same moment its connection may have won.
        if (Find(address.NodeId) is { } winner)
            return winner;
        return failure ?? new PeerClosure(PeerClosureKind.ClosedByPeer, "the peer closed the connection at once");
    }

    /// <summary>Keeps a connection with a peer: dials now, and again when it is lost. A later address takes the place of an earlier one.</summary>
    public void Keep(PeerAddress address)
    {
        lock (_sync)
        {
            if (_isClosed)
                return;
            if (_kept.TryGetValue(address.NodeId, out var kept))
            {
                kept.Address = address;
                return;
            }

            kept = _kept[address.NodeId] = new KeptPeer(address);
            Start(KeepAsync(kept));
        }
    }

    /// <summary>No longer dials a peer; a connection that is there stays.</summary>
    public void Forget(PublicKey nodeId)
    {
        lock (_sync)
        {
            if (_kept.Remove(nodeId, out var kept))
                kept.IsForgotten = true;
        }
    }

    void IPeerSink.PeerReady(PeerConnection ready)
    {
        // Nobody else reports to the hub.
        var connection = (SocketConnection)ready;
        SocketConnection? displaced;
        lock (_sync)
        {
            displaced = _peers.GetValueOrDefault(connection.NodeId);
            if (displaced is not null && Prefer(displaced, connection) == displaced)
            {
                (displaced, connection) = (connection, displaced);
            }
            else
            {
                _peers[connection.NodeId] = connection;
                _announced.Add(connection);
                _sink.PeerReady(connection);
                displaced ??= connection.IsInbound ? OldestStranger() : null;
            }
        }

        displaced?.Abort(new PeerClosure(
            displaced.NodeId == connection.NodeId ? PeerClosureKind.Replaced : PeerClosureKind.Limit,
            displaced.NodeId == connection.NodeId ? "another connection with the same peer is there" : "too many peers without a channel"));
    }

    void IPeerSink.PeerMessage(PeerConnection connection, LightningMessage message, int length)
    {
        bool isAnnounced;
        lock (_sync)
            isAnnounced = _announced.Contains(connection);
        if (isAnnounced)
            _sink.PeerMessage(connection, message, length);
        else
            connection.Done(length);
    }

    void IPeerSink.PeerMessages(PeerConnection connection, IReadOnlyList<PeerEvent.Received> messages)
    {
        bool isAnnounced;
        lock (_sync)
            isAnnounced = _announced.Contains(connection);
        if (isAnnounced)
            _sink.PeerMessages(connection, messages);
        else
            connection.Done(messages.Sum(static one => one.Length));
    }

    void IPeerSink.PeerEnded(PeerConnection connection, PeerClosure closure)
    {
        bool wasAnnounced;
        lock (_sync)
        {
            if (_peers.TryGetValue(connection.NodeId, out var current) && current == connection)
                _peers.Remove(connection.NodeId);
            wasAnnounced = _announced.Remove(connection);
        }

        if (wasAnnounced)
            _sink.PeerEnded(connection, closure);
    }

    public async ValueTask DisposeAsync()
    {
        SocketConnection[] open;
        lock (_sync)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            open = [.. _connections];
            foreach (var listener in _listeners)
                listener.Dispose();
        }

        foreach (var connection in open)
            connection.Close(new PeerClosure(PeerClosureKind.Asked, "the node stops"));
        await _stop.CancelAsync();
        while (true)
        {
            Task[] running;
            lock (_sync)
                running = [.. _tasks];
            if (running.Length == 0)
                break;
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
    }

    // The newer one, unless both sides dialled at once: then the one that the lower node id dialled, as the peer decides too.
    private SocketConnection Prefer(SocketConnection older, SocketConnection newer)
    {
        if (!older.IsOpen || older.IsInbound == newer.IsInbound || newer.Began - older.Began > s_crossing)
            return newer;
        return (_key.PublicKey < newer.NodeId) == newer.IsInbound ? older : newer;
    }

    private SocketConnection? OldestStranger()
    {
        var strangers = _peers.Values.Where(static peer => peer is { IsInbound: true, IsKnown: false }).ToArray();
        return strangers.Length > _limits.StrangersMax ? strangers.MinBy(static peer => peer.Began) : null;
    }

    private void Start(Task task)
    {
        lock (_sync)
            _tasks.Add(task);
        _ = task.ContinueWith(
            done =>
            {
                lock (_sync)
                    _tasks.Remove(done);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(s_tick, _clock.Time);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            SocketConnection[] open;
            lock (_sync)
                open = [.. _connections];
            foreach (var connection in open)
                connection.Tick();
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(_stop.Token);
            }
            catch (SocketException)
            {
                // Out of file handles, or a peer that was gone before it was taken: the next one may work.
                await Task.Delay(s_tick, _clock.Time, _stop.Token);
                continue;
            }
            catch (ObjectDisposedException)
            {
                return;
            }

            if (socket.RemoteEndPoint is not IPEndPoint remote || !_gate.TryEnter(remote.Address, _clock.Now))
            {
                socket.Dispose();
                continue;
            }

            var session = PeerSession.Accept(_key, _profile, _limits, _entropy, _clock.Now);
            Start(RunAsync(new SocketConnection(socket, session, this, _limits, _clock, isInbound: true, new ByteWriter())));
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The connection owns the socket.")]
    private async Task<Result<SocketConnection, PeerClosure>> DialAsync(PeerAddress address, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_limits.ConnectTimeout, _clock.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken, _stop.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            return new PeerClosure(PeerClosureKind.Unreachable, exception is SocketException ? $"{address.Host}:{address.Port} can't be reached: {exception.Message}" : $"{address.Host}:{address.Port} does not answer");
        }

        var output = new ByteWriter();
        var session = PeerSession.Dial(_key, address.NodeId, _profile, _limits, _entropy, _clock.Now, output);
        var connection = new SocketConnection(socket, session, this, _limits, _clock, isInbound: false, output);
        Start(RunAsync(connection));
        return connection;
    }

    private async Task RunAsync(SocketConnection connection)
    {
        lock (_sync)
        {
            if (_isClosed)
                connection.Abort(new PeerClosure(PeerClosureKind.Asked, "the node stops"));
            _connections.Add(connection);
        }

        if (connection.IsInbound)
            _ = connection.Ready.ContinueWith(_ => _gate.Leave(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await connection.RunAsync();
        lock (_sync)
            _connections.Remove(connection);
    }

    private async Task KeepAsync(KeptPeer kept)
    {
        var schedule = new RedialSchedule(_limits, _entropy);
        while (!kept.IsForgotten && !_stop.IsCancellationRequested)
        {
            var began = _clock.Now;
            if ((await ConnectAsync(kept.Address, _stop.Token)).IsOk)
            {
                while (Find(kept.Address.NodeId) is not null && !kept.IsForgotten)
                    await Task.Delay(s_tick, _clock.Time, _stop.Token);
            }

            await Task.Delay(schedule.Next(_clock.Now - began), _clock.Time, _stop.Token);
        }
    }

    private sealed class KeptPeer(PeerAddress address)
    {
        internal PeerAddress Address { get; set; } = address;

        internal bool IsForgotten { get; set; }
    }
}
