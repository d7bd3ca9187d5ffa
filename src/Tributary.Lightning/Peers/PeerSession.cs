using System.Text;
using Tributary.Crypto;
using Tributary.Lightning.Features;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Transport;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;

namespace Tributary.Lightning.Peers;

/// <summary>
/// One connection as BOLT 1 sees it, without its socket: handshake, <c>init</c>, pings, and what ends it. Bytes and time come in; bytes to be
/// written gather in the caller's writer, and events in the caller's list. After <see cref="PeerEvent.Ended"/> it does nothing more. One owner.
/// </summary>
public sealed class PeerSession : IDisposable
{
    private const int PongLength = 16;

    private readonly TransportSession _transport;
    private readonly PeerProfile _profile;
    private readonly PeerLimits _limits;
    private readonly ByteWriter _plain = new();
    private readonly TimeSpan _began;
    private TimeSpan _lastHeard;
    private TimeSpan? _pingSent;
    private TokenBucket _pings;

    private PeerSession(TransportSession transport, PeerProfile profile, PeerLimits limits, TimeSpan now)
    {
        _transport = transport;
        _profile = profile;
        _limits = limits;
        _began = _lastHeard = now;
        _pings = new TokenBucket(perSecond: 1, limits.PingBurst);
    }

    /// <summary>True from the peer's <c>init</c> until the end.</summary>
    public bool IsReady => RemoteInit is not null && !IsOver;

    /// <summary>True when nothing more comes of it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What the peer said of itself.</summary>
    public Init? RemoteInit { get; private set; }

    /// <summary>True when the peer has proven <see cref="RemoteNodeId"/>.</summary>
    public bool IsConnected => _transport.IsConnected;

    /// <summary>The peer's key: see <see cref="TransportSession.RemoteNodeId"/>.</summary>
    public PublicKey RemoteNodeId => _transport.RemoteNodeId;

    /// <summary>Dials: the first act is written. The key stays the caller's.</summary>
    /// <param name="key">This node's key.</param>
    /// <param name="remote">Whom.</param>
    /// <param name="profile">What we say of ourselves.</param>
    /// <param name="limits">How patient we are.</param>
    /// <param name="entropy">For the ephemeral key.</param>
    /// <param name="now">Any clock that does not go back; the same in all calls.</param>
    /// <param name="output">Takes what is to be written.</param>
    public static PeerSession Dial(SecretKey key, in PublicKey remote, PeerProfile profile, PeerLimits limits, IEntropy entropy, TimeSpan now, ByteWriter output) =>
        new(TransportSession.Dial(key, remote, entropy, output), profile, limits, now);

    /// <summary>Answers a dial.</summary>
    public static PeerSession Accept(SecretKey key, PeerProfile profile, PeerLimits limits, IEntropy entropy, TimeSpan now) =>
        new(TransportSession.Accept(key, entropy), profile, limits, now);

    /// <summary>Takes what arrived, all of it.</summary>
    public void Receive(ReadOnlySpan<byte> input, TimeSpan now, ByteWriter output, List<PeerEvent> events)
    {
        while (!IsOver)
        {
            switch (_transport.Receive(ref input, output, out var message))
            {
                case TransportStatus.NeedsMore:
                    return;
                case TransportStatus.Connected:
                    Write(new Init { GlobalFeatures = FeatureVector.Empty, Features = _profile.Features, Networks = [_profile.ChainHash] }, output);
                    break;
                case TransportStatus.Message:
                    _lastHeard = now;
                    Take(message, now, output, events);
                    break;
                default:
                    End(
                        _transport.HandshakeError == HandshakeError.None
                            ? new PeerClosure(PeerClosureKind.Protocol, "a message failed its authentication")
                            : new PeerClosure(PeerClosureKind.Handshake, $"the handshake failed ({_transport.HandshakeError}): is the node id right?"),
                        events);
                    break;
            }
        }
    }

    /// <summary>Writes a message.</summary>
    /// <exception cref="InvalidOperationException">The session is not ready.</exception>
    public void Send(LightningMessage message, ByteWriter output)
    {
        if (!IsReady)
            throw new InvalidOperationException("The connection is not ready for messages.");
        Write(message, output);
    }

    /// <summary>To be called now and then: pings, and time-outs.</summary>
    public void Tick(TimeSpan now, ByteWriter output, List<PeerEvent> events)
    {
        if (IsOver)
            return;
        if (!IsReady)
        {
            if (now - _began >= _limits.HandshakeTimeout)
                End(new PeerClosure(PeerClosureKind.Timeout, "the handshake took too long"), events);
        }
        else if (_pingSent is { } sent)
        {
            // Anything heard since shows that the peer lives, yet only the pong shows that it reads.
            if (now - sent >= _limits.PongTimeout)
                End(new PeerClosure(PeerClosureKind.Timeout, "no answer to a ping"), events);
        }
        else if (now - _lastHeard >= _limits.PingAfter)
        {
            Write(new Ping { PongLength = PongLength, Ignored = ReadOnlyMemory<byte>.Empty }, output);
            _pingSent = now;
        }
    }

    /// <summary>Ends it from our side.</summary>
    public void Close(PeerClosure closure, List<PeerEvent> events) => End(closure, events);

    public void Dispose()
    {
        IsOver = true;
        _transport.Dispose();
    }

    private void Take(ReadOnlySpan<byte> bytes, TimeSpan now, ByteWriter output, List<PeerEvent> events)
    {
        if (!LightningMessage.Read(bytes).TryGet(out var message, out var refusal))
        {
            Refuse(PeerClosureKind.Protocol, $"can't read {refusal.Field}: {refusal.Reason}", output, events);
            return;
        }

        if (RemoteInit is null)
        {
            if (message is Init init)
                TakeInit(init, output, events);
            else
                Refuse(PeerClosureKind.Protocol, "the first message has to be init", output, events);
            return;
        }

        switch (message)
        {
            case Init:
                Refuse(PeerClosureKind.Protocol, "init came a second time", output, events);
                break;
            case Ping ping when !_pings.TryTake(now):
                Refuse(PeerClosureKind.Limit, $"too many pings, this one for {ping.PongLength} bytes", output, events);
                break;
            case Ping { PongLength: < Ping.NoPongLength } ping:
                Write(new Pong { Ignored = new byte[ping.PongLength] }, output);
                break;
            case Ping:
                break;
            case Pong pong:
                if (pong.Ignored.Length == PongLength)
                    _pingSent = null;
                break;
            case UnknownMessage { EndsConnection: true } unknown:
                Refuse(PeerClosureKind.Protocol, $"the message type {(ushort)unknown.Type} is not known here", output, events);
                break;
            case UnknownMessage:
                break;
            default:
                events.Add(new PeerEvent.Received(message, bytes.Length));
                break;
        }
    }

    private void TakeInit(Init init, ByteWriter output, List<PeerEvent> events)
    {
        var features = init.AllFeatures;
        if (features.TryFindRequiredBeyond(Understood(), out var bit))
            Refuse(PeerClosureKind.Incompatible, $"feature {bit} is required and not known here", output, events);
        else if (features.TryFindMissingDependency(out var feature, out var needs))
            Refuse(PeerClosureKind.Incompatible, $"feature {feature} is set without {needs}", output, events);
        else if (init.Networks is { Count: > 0 } networks && !networks.Contains(_profile.ChainHash))
            Refuse(PeerClosureKind.Incompatible, "no network in common", output, events);
        else
        {
            RemoteInit = init;
            events.Add(new PeerEvent.Ready(init));
        }
    }

    private Feature[] Understood() => [.. Enum.GetValues<Feature>().Where(_profile.Features.Supports)];

    /// <summary>Says why with a warning, then ends: the peer's channels stay as they are.</summary>
    private void Refuse(PeerClosureKind kind, string reason, ByteWriter output, List<PeerEvent> events)
    {
        Write(new Warning { ChannelId = ChannelId.All, Data = Encoding.ASCII.GetBytes(PeerText.Printable(reason)) }, output);
        End(new PeerClosure(kind, reason), events);
    }

    private void Write(LightningMessage message, ByteWriter output)
    {
        _plain.Clear();
        message.Write(_plain);
        _transport.Send(_plain.WrittenSpan, output);
    }

    private void End(PeerClosure closure, List<PeerEvent> events)
    {
        if (IsOver)
            return;
        IsOver = true;
        events.Add(new PeerEvent.Ended(closure));
    }
}
