using Tributary.Bitcoin.Scripts;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Channels;

/// <summary>What one side says of itself when the channel is opened (BOLT 2): most of it binds the other side.</summary>
public sealed record ChannelTerms
{
    /// <summary>Outputs below it are left out of this side's own commitment.</summary>
    public required Satoshis DustLimit { get; init; }

    /// <summary>The most that the other side may have under way to this one.</summary>
    public required MilliSatoshis MaxHtlcValueInFlight { get; init; }

    /// <summary>What the other side has to keep.</summary>
    public required Satoshis ChannelReserve { get; init; }

    /// <summary>The least HTLC that this side takes.</summary>
    public required MilliSatoshis HtlcMinimum { get; init; }

    /// <summary>Blocks that the other side has to wait for its own outputs.</summary>
    public required ushort ToSelfDelay { get; init; }

    /// <summary>How many HTLCs the other side may have under way to this one.</summary>
    public required ushort MaxAcceptedHtlcs { get; init; }

    public required ChannelBasepoints Basepoints { get; init; }

    /// <summary>The point of commitment 0.</summary>
    public required PublicKey FirstPoint { get; init; }

    /// <summary>Where this side's funds go at a cooperative close, when it bound itself to that.</summary>
    public Script? UpfrontShutdownScript { get; init; }
}
