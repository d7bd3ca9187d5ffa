using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Tributary.Crypto;
using Tributary.Lightning.Messages;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Peers;

/// <summary>
/// A <see cref="PeerSession"/> on a socket: one task reads, one writes, and what is queued while a write is on its way leaves together in the
/// next one. Safe to call from any thread.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer: there is nothing to dispose of, and late calls may cancel it.")]
internal sealed class SocketConnection : PeerConnection
{
    private const int ReadLength = 64 * 1024;
    private const int WriteLength = 256 * 1024;

    private readonly Socket _socket;
    private readonly PeerSession _session;
    private readonly IPeerSink _sink;
    private readonly PeerLimits _limits;
    private readonly PeerClock _clock;
    private readonly TaskCompletionSource<PeerClosure?> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly ByteWriter[] _writers = [new(), new()];

    private readonly Queue<LightningMessage> _outgoing = new();

    // Says that there is something to write. Who says so writes it, where nobody is at it and the socket takes it at once: a thread that is woken
    // for it costs more than the writing.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = true });

    // The session's ciphers have an order; whoever uses it holds this.
    private readonly Lock _sync = new();
    private TaskCompletionSource? _roomWanted;
    private TokenBucket _rate;
    private PeerClosure? _closure;
    private int _inFlight;
    private bool _isKnown;

    internal SocketConnection(Socket socket, PeerSession session, IPeerSink sink, PeerLimits limits, PeerClock clock, bool isInbound, ByteWriter firstOutput)
    {
        _socket = socket;
        _session = session;
        _sink = sink;
        _limits = limits;
        _clock = clock;
        _rate = new TokenBucket(limits.StrangerMessagesPerSecond, limits.StrangerMessagesPerSecond);
        _writers[0].WriteBytes(firstOutput.WrittenSpan);
        IsInbound = isInbound;
        RemoteEndpoint = (IPEndPoint?)socket.RemoteEndPoint ?? new IPEndPoint(IPAddress.None, 0);
        if (RemoteEndpoint.Address.IsIPv4MappedToIPv6)
            RemoteEndpoint = new IPEndPoint(RemoteEndpoint.Address.MapToIPv4(), RemoteEndpoint.Port);
        Began = clock.Now;
        socket.NoDelay = true;
        if (firstOutput.Length > 0)
            _signal.Writer.TryWrite(true);
    }

    public override bool IsInbound { get; }

    public override IPEndPoint RemoteEndpoint { get; }

    public override PublicKey NodeId => _session.RemoteNodeId;

    public override Init RemoteInit => _session.RemoteInit ?? throw new InvalidOperationException("The connection is not ready.");

    public override bool IsOpen => _session.IsReady && Volatile.Read(ref _closure) is null;

    public override bool IsKnown => _isKnown;

    public override int QueuedCount
    {
        get
        {
            lock (_sync)
                return _outgoing.Count;
        }
    }

    /// <summary>When it began, by the hub's clock.</summary>
    internal TimeSpan Began { get; }

    /// <summary>Completes with null when messages may be sent, or with the reason why that will not be.</summary>
    internal Task<PeerClosure?> Ready => _ready.Task;

    public override bool Send(LightningMessage message)
    {
        if (!IsOpen)
            return false;
        bool hasRoom;
        lock (_sync)
        {
            hasRoom = _outgoing.Count < _limits.QueuedMessagesMax;
            if (hasRoom)
                _outgoing.Enqueue(message);
        }

        return Queued(hasRoom);
    }

    public override bool Send(IReadOnlyList<LightningMessage> messages)
    {
        if (!IsOpen)
            return false;
        bool hasRoom;
        lock (_sync)
        {
            hasRoom = _outgoing.Count + messages.Count <= _limits.QueuedMessagesMax;
            for (var i = 0; hasRoom && i < messages.Count; i++)
                _outgoing.Enqueue(messages[i]);
        }

        return Queued(hasRoom);
    }

    private bool Queued(bool hasRoom)
    {
        if (hasRoom)
        {
            _signal.Writer.TryWrite(true);
            return true;
        }

        Abort(new PeerClosure(PeerClosureKind.Limit, $"{_limits.QueuedMessagesMax} messages were waiting to be taken"));
        return false;
    }

    public override void Done(int length)
    {
        TaskCompletionSource? waiting = null;
        lock (_sync)
        {
            _inFlight -= length;
            if (_inFlight <= _limits.BytesInFlightMax)
                (waiting, _roomWanted) = (_roomWanted, null);
        }

        waiting?.SetResult();
    }

    public override void MarkKnown()
    {
        lock (_sync)
        {
            if (_isKnown)
                return;
            _isKnown = true;
            _rate = new TokenBucket(_limits.MessagesPerSecond, _limits.MessagesPerSecond);
        }
    }

    public override void Close(PeerClosure closure)
    {
        _ = Interlocked.CompareExchange(ref _closure, closure, null);
        _signal.Writer.TryComplete();
    }

    /// <summary>Closes at once.</summary>
    internal void Abort(PeerClosure closure)
    {
        Close(closure);
        _stop.Cancel();
    }

    internal void Tick()
    {
        var events = new List<PeerEvent>();
        bool wrote;
        lock (_sync)
        {
            _session.Tick(_clock.Now, _writers[0], events);
            wrote = _writers[0].Length > 0;
        }

        if (wrote)
            _signal.Writer.TryWrite(true);
        foreach (var one in events.OfType<PeerEvent.Ended>())
            Abort(one.Closure);
    }

    /// <summary>Reads and writes until it is over; disposes of everything.</summary>
    internal async Task RunAsync()
    {
        var writing = WriteAllAsync();
        try
        {
            await ReadAllAsync();
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            _ = Interlocked.CompareExchange(ref _closure, new PeerClosure(PeerClosureKind.ClosedByPeer, $"the connection broke: {exception.Message}"), null);
        }

        _signal.Writer.TryComplete();
        await writing;
        var closure = Volatile.Read(ref _closure) ?? new PeerClosure(PeerClosureKind.ClosedByPeer, "the peer closed the connection");
        _socket.Dispose();
        bool wasReady;
        lock (_sync)
        {
            wasReady = _session.RemoteInit is not null;
            _session.Dispose();
        }

        _ready.TrySetResult(closure);
        if (wasReady)
            _sink.PeerEnded(this, closure);
    }

    private async Task ReadAllAsync()
    {
        var buffer = new byte[ReadLength];
        var events = new List<PeerEvent>();
        while (Volatile.Read(ref _closure) is null)
        {
            var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token);
            if (length == 0)
                return;

            TimeSpan pause;
            TaskCompletionSource? room = null;
            bool wrote;
            lock (_sync)
            {
                _session.Receive(buffer.AsSpan(0, length), _clock.Now, _writers[0], events);
                wrote = _writers[0].Length > 0;
                pause = _rate.Take(events.Count, _clock.Now);
                foreach (var one in events.OfType<PeerEvent.Received>())
                    _inFlight += one.Length;
                if (_inFlight > _limits.BytesInFlightMax)
                    room = _roomWanted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (wrote)
                _signal.Writer.TryWrite(true);
            Tell(events);
            events.Clear();
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, _clock.Time, _stop.Token);
            if (room is not null)
                await room.Task.WaitAsync(_stop.Token);
        }
    }

    private void Tell(List<PeerEvent> events)
    {
        // What the peer says in one breath is handed on together.
        List<PeerEvent.Received>? messages = null;
        foreach (var one in events)
        {
            if (one is PeerEvent.Received message)
            {
                (messages ??= []).Add(message);
                continue;
            }

            TellMessages();
            switch (one)
            {
                case PeerEvent.Ready:
                    _sink.PeerReady(this);
                    _ready.TrySetResult(null);
                    break;
                case PeerEvent.Ended ended:
                    Close(ended.Closure);
                    break;
            }
        }

        TellMessages();

        void TellMessages()
        {
            if (messages is [var single])
                _sink.PeerMessage(this, single.Message, single.Length);
            else if (messages is not null)
                _sink.PeerMessages(this, messages);
            messages = null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends the writing ends the connection.")]
    private async Task WriteAllAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _clock.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
            while (await _signal.Reader.WaitToReadAsync(_stop.Token))
            {
                _signal.Reader.TryRead(out _);
                while (Gather() is { Length: > 0 } bytes)
                {
                    patience.CancelAfter(_limits.WriteTimeout);
                    for (var sent = 0; sent < bytes.Length;)
                        sent += await _socket.SendAsync(bytes.WrittenMemory[sent..], SocketFlags.None, either.Token);
                    patience.CancelAfter(Timeout.InfiniteTimeSpan);
                    bytes.Clear();
                }
            }

            // Who closes may hold locks, and is not kept.
            await Task.Yield();
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception)
        {
            await Task.Yield();
            _ = Interlocked.CompareExchange(
                ref _closure,
                exception is OperationCanceledException ? new PeerClosure(PeerClosureKind.Timeout, "the peer does not take what is sent") : new PeerClosure(PeerClosureKind.ClosedByPeer, exception.Message),
                null);
        }
        finally
        {
            // The reader ends too: by its token, and where it waits for the socket.
            await _stop.CancelAsync();
        }
    }

    /// <summary>Encrypts what is queued, up to a good write, and hands it over.</summary>
    private ByteWriter Gather()
    {
        lock (_sync)
        {
            while (_writers[0].Length < WriteLength && _outgoing.TryDequeue(out var message))
            {
                if (_session.IsReady)
                    _session.Send(message, _writers[0]);
            }

            (_writers[0], _writers[1]) = (_writers[1], _writers[0]);
            return _writers[1];
        }
    }
}
