using Tributary.Crypto;
using Tributary.Primitives.Contracts;

namespace Tributary.Lightning.Transport;

/// <summary>
/// The Noise_XK handshake of BOLT 8, either role: three acts of fixed size. The caller moves the bytes; an act is handed in whole. After an
/// error, and after <see cref="Split"/>, it takes nothing more.
/// </summary>
public sealed class NoiseHandshake : IDisposable
{
    /// <summary>Bytes of acts one and two.</summary>
    public const int ActOneLength = 50;

    /// <summary>Bytes of act three.</summary>
    public const int ActThreeLength = 66;

    private const byte Version = 0;
    private const int SealedKeyLength = PublicKey.CompressedLength + AeadKey.TagLength;

    private readonly SecretKey _local;
    private readonly SecretKey _ephemeral;
    private readonly SymmetricState _state;
    private readonly bool _isInitiator;
    private PublicKey _remoteEphemeral;
    private PublicKey _remoteStatic;
    private Step _step;

    private NoiseHandshake(SecretKey local, PublicKey? remote, IEntropy entropy)
    {
        _local = local;
        _isInitiator = remote is not null;
        _remoteStatic = remote.GetValueOrDefault();
        _ephemeral = SecretKey.Generate(entropy);
        _state = new SymmetricState(remote ?? local.PublicKey);
    }

    private enum Step
    {
        ActOne,
        ActTwo,
        ActThree,
        Complete,
        Over,
    }

    /// <summary>True when the next act is ours to write.</summary>
    public bool IsOurTurn => _step switch
    {
        Step.ActOne or Step.ActThree => _isInitiator,
        Step.ActTwo => !_isInitiator,
        _ => false,
    };

    /// <summary>True when both sides have proven their keys and <see cref="Split"/> may be called.</summary>
    public bool IsComplete => _step == Step.Complete;

    /// <summary>Bytes of the act that comes next, from whichever side; 0 when there is none.</summary>
    public int NextActLength => _step switch
    {
        Step.ActOne or Step.ActTwo => ActOneLength,
        Step.ActThree => ActThreeLength,
        _ => 0,
    };

    /// <summary>The peer's node id: known from the start to the initiator, and to the responder when the handshake is complete.</summary>
    public PublicKey RemoteNodeId => _isInitiator || _step == Step.Complete || _step == Step.Over && IsKnown
        ? _remoteStatic
        : throw new InvalidOperationException("The peer has not proven its node id yet.");

    private bool IsKnown => _remoteStatic != default;

    /// <summary>Starts as the side that dials and so knows whom it dials. The local key stays the caller's.</summary>
    public static NoiseHandshake Initiate(SecretKey local, in PublicKey remoteNodeId, IEntropy entropy) => new(local, remoteNodeId, entropy);

    /// <summary>Starts as the side that was dialled. The local key stays the caller's.</summary>
    public static NoiseHandshake Respond(SecretKey local, IEntropy entropy) => new(local, remote: null, entropy);

    /// <summary>Writes the act that is ours and returns its length.</summary>
    /// <exception cref="InvalidOperationException">It is not our turn.</exception>
    public int Write(Span<byte> act)
    {
        if (!IsOurTurn)
            throw new InvalidOperationException("The next act of the handshake is not ours.");

        var length = NextActLength;
        act = act[..length];
        act[0] = Version;
        if (_step == Step.ActThree)
        {
            Span<byte> key = stackalloc byte[PublicKey.CompressedLength];
            _local.PublicKey.WriteCompressed(key);
            _state.EncryptAndMix(1, key, act.Slice(1, SealedKeyLength));
            _state.MixKey(_local, _remoteEphemeral);
            _state.EncryptAndMix(0, default, act[(1 + SealedKeyLength)..]);
        }
        else
        {
            var key = act.Slice(1, PublicKey.CompressedLength);
            _ephemeral.PublicKey.WriteCompressed(key);
            _state.MixHash(key);
            _state.MixKey(_ephemeral, _step == Step.ActOne ? _remoteStatic : _remoteEphemeral);
            _state.EncryptAndMix(0, default, act[(1 + PublicKey.CompressedLength)..]);
        }

        _step++;
        return length;
    }

    /// <summary>Takes the peer's act, whole. Anything but <see cref="HandshakeError.None"/> ends the connection.</summary>
    public HandshakeError Read(ReadOnlySpan<byte> act)
    {
        var error = ReadAct(act);
        _step = error == HandshakeError.None ? _step + 1 : Step.Over;
        if (error != HandshakeError.None)
            _remoteStatic = _isInitiator ? _remoteStatic : default;
        return error;
    }

    /// <summary>The ciphers of the two directions, which belong to the caller; once, when the handshake is complete.</summary>
    public (MessageCipher Send, MessageCipher Receive) Split()
    {
        if (_step != Step.Complete)
            throw new InvalidOperationException("The handshake is not complete.");

        _step = Step.Over;
        var (fromInitiator, fromResponder) = _state.Split();
        return _isInitiator ? (fromInitiator, fromResponder) : (fromResponder, fromInitiator);
    }

    public void Dispose()
    {
        _step = Step.Over;
        _ephemeral.Dispose();
        _state.Dispose();
    }

    private HandshakeError ReadAct(ReadOnlySpan<byte> act)
    {
        if (IsOurTurn || NextActLength == 0)
            return HandshakeError.OutOfTurn;
        if (act.Length != NextActLength)
            return HandshakeError.BadLength;
        if (act[0] != Version)
            return HandshakeError.BadVersion;
        return _step == Step.ActThree ? ReadActThree(act) : ReadEphemeral(act);
    }

    private HandshakeError ReadEphemeral(ReadOnlySpan<byte> act)
    {
        var key = act.Slice(1, PublicKey.CompressedLength);
        if (!PublicKey.TryParse(key, out _remoteEphemeral))
            return HandshakeError.BadPublicKey;

        _state.MixHash(key);
        _state.MixKey(_step == Step.ActOne ? _local : _ephemeral, _remoteEphemeral);
        return _state.TryDecryptAndMix(0, act[(1 + PublicKey.CompressedLength)..], default) ? HandshakeError.None : HandshakeError.BadTag;
    }

    private HandshakeError ReadActThree(ReadOnlySpan<byte> act)
    {
        Span<byte> key = stackalloc byte[PublicKey.CompressedLength];
        if (!_state.TryDecryptAndMix(1, act.Slice(1, SealedKeyLength), key))
            return HandshakeError.BadCiphertext;
        if (!PublicKey.TryParse(key, out _remoteStatic))
            return HandshakeError.BadPublicKey;

        _state.MixKey(_ephemeral, _remoteStatic);
        return _state.TryDecryptAndMix(0, act[(1 + SealedKeyLength)..], default) ? HandshakeError.None : HandshakeError.BadTag;
    }
}
