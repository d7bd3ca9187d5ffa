using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>
/// An HTLC of a channel, from the offer until it has left both commitments irrevocably. In which commitments it stands is said by their
/// numbers: from the first with it up to the first without it.
/// </summary>
public sealed class ChannelHtlc
{
    /// <summary>A number that no commitment reaches.</summary>
    internal const ulong Never = ulong.MaxValue;

    internal ChannelHtlc(bool isOurs, ulong id, HtlcOffer offer)
    {
        IsOurs = isOurs;
        Id = id;
        Amount = offer.Amount;
        PaymentHash = offer.PaymentHash;
        CltvExpiry = offer.CltvExpiry;
        Onion = offer.Onion;
        PathKey = offer.PathKey;
    }

    /// <summary>We offer it; otherwise the peer does.</summary>
    public bool IsOurs { get; }

    public ulong Id { get; }

    public MilliSatoshis Amount { get; }

    public Bytes32 PaymentHash { get; }

    public uint CltvExpiry { get; }

    /// <summary>For as long as it may be needed: ours until the peer has it for good, the peer's to the end.</summary>
    public ReadOnlyMemory<byte> Onion { get; internal set; }

    public PublicKey? PathKey { get; }

    /// <summary>How far the offer has come.</summary>
    public UpdateStage Added { get; internal set; }

    /// <summary>How far its removal has come.</summary>
    public UpdateStage Removed { get; internal set; }

    /// <summary>How it is removed, once that is decided.</summary>
    public HtlcOutcome? Outcome { get; internal set; }

    /// <summary>Known as soon as it is heard of: before the removal is committed.</summary>
    public Bytes32? Preimage { get; internal set; }

    /// <summary>See <see cref="IncomingHtlc.ExceedsDustExposure"/>.</summary>
    public bool ExceedsDustExposure { get; internal set; }

    internal ulong LocalFrom { get; set; } = Never;

    internal ulong LocalTo { get; set; } = Never;

    internal ulong RemoteFrom { get; set; } = Never;

    internal ulong RemoteTo { get; set; } = Never;

    /// <summary>As our own commitment carries it.</summary>
    internal CommittedHtlc ForLocal => new(IsOurs, Id, Amount, PaymentHash, CltvExpiry);

    /// <summary>As the peer's commitment carries it.</summary>
    internal CommittedHtlc ForRemote => new(!IsOurs, Id, Amount, PaymentHash, CltvExpiry);

    internal bool IsInLocal(ulong number) => LocalFrom <= number && number < LocalTo;

    internal bool IsInRemote(ulong number) => RemoteFrom <= number && number < RemoteTo;

    internal IncomingHtlc AsIncoming() => new(Id, Amount, PaymentHash, CltvExpiry, Onion, PathKey, ExceedsDustExposure);
}
