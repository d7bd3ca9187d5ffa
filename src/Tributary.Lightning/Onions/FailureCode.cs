using System.Diagnostics.CodeAnalysis;

namespace Tributary.Lightning.Onions;

/// <summary>The failure codes of BOLT 4, flags included: 0x8000 bad onion, 0x4000 permanent, 0x2000 node, 0x1000 carries a channel update.</summary>
[SuppressMessage("Design", "CA1028", Justification = "Two bytes on the wire.")]
public enum FailureCode : ushort
{
    None = 0,
    TemporaryNodeFailure = 0x2002,
    PermanentNodeFailure = 0x6002,
    RequiredNodeFeatureMissing = 0x6003,
    InvalidOnionVersion = 0xc004,
    InvalidOnionHmac = 0xc005,
    InvalidOnionKey = 0xc006,
    TemporaryChannelFailure = 0x1007,
    PermanentChannelFailure = 0x4008,
    RequiredChannelFeatureMissing = 0x4009,
    UnknownNextPeer = 0x400a,
    AmountBelowMinimum = 0x100b,
    FeeInsufficient = 0x100c,
    IncorrectCltvExpiry = 0x100d,
    ExpiryTooSoon = 0x100e,
    IncorrectOrUnknownPaymentDetails = 0x400f,
    FinalIncorrectCltvExpiry = 18,
    FinalIncorrectHtlcAmount = 19,
    ChannelDisabled = 0x1014,
    ExpiryTooFar = 21,
    InvalidOnionPayload = 0x4016,
    MultiPartTimeout = 23,
    InvalidOnionBlinding = 0xc018,
}
