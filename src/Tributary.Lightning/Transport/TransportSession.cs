using System.Buffers.Binary;
using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;

namespace Tributary.Lightning.Transport;

/// <summary>
/// An encrypted connection of BOLT 8 without its socket: handshake, then framed messages. Bytes come in as the network cuts them; what is to
/// be sent is appended to the caller's writer. Holds at most one frame, and no more memory than the peer has sent. One owner.
/// </summary>
public sealed class TransportSession : IDisposable
{
    /// <summary>The longest message, type included (BOLT 1).</summary>
    public const int MessageLengthMax = ushort.MaxValue;

    /// <summary>An encrypted length and its tag.</summary>
    public const int HeaderLength = sizeof(ushort) + AeadKey.TagLength;

    private readonly NoiseHandshake _handshake;
    private readonly ByteWriter _frame = new(HeaderLength);
    private byte[] _message = [];
    private MessageCipher? _send;
    private MessageCipher? _receive;
    private int _bodyLength = -1;
    private bool _hasFailed;

    private TransportSession(NoiseHandshake handshake) => _handshake = handshake;

    /// <summary>True when messages may be sent.</summary>
    public bool IsConnected => _send is not null && !_hasFailed;

    /// <summary>Why the handshake failed, if it did.</summary>
    public HandshakeError HandshakeError { get; private set; }

    /// <summary>The peer's node id: known to the side that dialled, and to the other when <see cref="IsConnected"/>.</summary>
    public PublicKey RemoteNodeId => _handshake.RemoteNodeId;

    /// <summary>Dials: act one is written to the output. The local key stays the caller's.</summary>
    public static TransportSession Dial(SecretKey local, in PublicKey remoteNodeId, IEntropy entropy, ByteWriter output)
    {
        var session = new TransportSession(NoiseHandshake.Initiate(local, remoteNodeId, entropy));
        session.WriteAct(output);
        return session;
    }

    /// <summary>Answers a dial. The local key stays the caller's.</summary>
    public static TransportSession Accept(SecretKey local, IEntropy entropy) => new(NoiseHandshake.Respond(local, entropy));

    /// <summary>
    /// Takes input up to the next step and moves its start past what was taken. Call again until it returns
    /// <see cref="TransportStatus.NeedsMore"/>.
    /// </summary>
    /// <param name="input">What arrived.</param>
    /// <param name="output">Takes what the handshake answers.</param>
    /// <param name="message">The message, when there is one; valid until the next call.</param>
    public TransportStatus Receive(ref ReadOnlySpan<byte> input, ByteWriter output, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_hasFailed)
            return TransportStatus.Failed;
        return _receive is null ? ReceiveAct(ref input, output) : ReceiveFrame(ref input, out message);
    }

    /// <summary>Encrypts a message (2 to 65,535 bytes) and appends its frame to the output.</summary>
    /// <exception cref="InvalidOperationException">The handshake is not over, or the connection has failed.</exception>
    public void Send(ReadOnlySpan<byte> message, ByteWriter output)
    {
        if (!IsConnected)
            throw new InvalidOperationException("The connection is not established.");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(message.Length, MessageLengthMax, nameof(message));
        var length = HeaderLength + message.Length + AeadKey.TagLength;
        var frame = output.GetSpan(length)[..length];
        Span<byte> header = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)message.Length);
        _send!.Encrypt(header, frame[..HeaderLength]);
        _send.Encrypt(message, frame[HeaderLength..]);
        output.Advance(length);
    }

    public void Dispose()
    {
        _hasFailed = true;
        _handshake.Dispose();
        _send?.Dispose();
        _receive?.Dispose();
    }

    private TransportStatus ReceiveAct(ref ReadOnlySpan<byte> input, ByteWriter output)
    {
        if (!TryCollect(ref input, _handshake.NextActLength, out var act))
            return TransportStatus.NeedsMore;

        HandshakeError = _handshake.Read(act);
        _frame.Clear();
        if (HandshakeError != HandshakeError.None)
            return Fail();

        if (_handshake.IsOurTurn)
            WriteAct(output);
        if (!_handshake.IsComplete)
            return TransportStatus.NeedsMore;

        (_send, _receive) = _handshake.Split();

        // Forward secrecy: the ephemeral key has done its work.
        _handshake.Dispose();
        return TransportStatus.Connected;
    }

    private TransportStatus ReceiveFrame(ref ReadOnlySpan<byte> input, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (_bodyLength < 0)
        {
            if (!TryCollect(ref input, HeaderLength, out var sealedLength))
                return TransportStatus.NeedsMore;

            Span<byte> length = stackalloc byte[sizeof(ushort)];
            if (!_receive!.TryDecrypt(sealedLength, length))
                return Fail();
            _bodyLength = BinaryPrimitives.ReadUInt16BigEndian(length);
            _frame.Clear();
        }

        if (!TryCollect(ref input, _bodyLength + AeadKey.TagLength, out var body))
            return TransportStatus.NeedsMore;

        if (_message.Length < _bodyLength)
            _message = new byte[_bodyLength];
        if (!_receive!.TryDecrypt(body, _message.AsSpan(0, _bodyLength)))
            return Fail();
        message = _message.AsSpan(0, _bodyLength);
        _bodyLength = -1;
        _frame.Clear();
        return TransportStatus.Message;
    }

    // A piece that arrives whole is used where it lies; only a cut one is copied.
    private bool TryCollect(ref ReadOnlySpan<byte> input, int wanted, out ReadOnlySpan<byte> piece)
    {
        if (_frame.Length == 0 && input.Length >= wanted)
        {
            piece = input[..wanted];
            input = input[wanted..];
            return true;
        }

        var taken = Math.Min(input.Length, wanted - _frame.Length);
        _frame.WriteBytes(input[..taken]);
        input = input[taken..];
        piece = _frame.WrittenSpan;
        return _frame.Length == wanted;
    }

    private void WriteAct(ByteWriter output)
    {
        var written = _handshake.Write(output.GetSpan(NoiseHandshake.ActThreeLength));
        output.Advance(written);
    }

    private TransportStatus Fail()
    {
        _hasFailed = true;
        return TransportStatus.Failed;
    }
}
