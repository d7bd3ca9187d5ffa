using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Channels;

/// <summary>What we ask of channels and what we bear from peers. The defaults are those of common nodes.</summary>
public sealed record ChannelPolicy
{
    /// <summary>HTLCs each way at most (BOLT 2): so many that a penalty transaction still fits.</summary>
    public const int HtlcsMax = 483;

    /// <summary>Blocks after which the side that does not fund forgets a channel whose funding does not confirm (BOLT 2).</summary>
    public const uint ForgetAfterBlocks = 2016;

    /// <summary>Below it, an output of a segwit script may not be relayed (BOLT 2).</summary>
    public static Satoshis DustLimitFloor => new(354);

    /// <summary>What a channel may hold when large channels are not agreed: below 2^24.</summary>
    public static Satoshis SmallFundingMax => new((1 << 24) - 1);

    /// <summary>The chain: hash of its first block.</summary>
    public required Bytes32 ChainHash { get; init; }

    public Satoshis FundingMin { get; init; } = new(20_000);

    /// <summary>When large channels are agreed.</summary>
    public Satoshis FundingMax { get; init; } = new(10 * Satoshis.PerBitcoin);

    public Satoshis DustLimit { get; init; } = DustLimitFloor;

    /// <summary>The most that a peer's commitment may leave out for each output.</summary>
    public Satoshis DustLimitMax { get; init; } = new(546);

    /// <summary>What the peer has to keep, in parts of 1,000 of the channel.</summary>
    public int ReservePerMille { get; init; } = 10;

    /// <summary>What the peer has to keep in a small channel.</summary>
    public Satoshis ReserveMin { get; init; } = new(1_000);

    /// <summary>What we agree to keep, in parts of 1,000 of the channel.</summary>
    public int ReservePerMilleMax { get; init; } = 200;

    public MilliSatoshis HtlcMinimum { get; init; } = new(1);

    /// <summary>The highest minimum that a peer may ask for.</summary>
    public MilliSatoshis HtlcMinimumMax { get; init; } = new(100_000);

    /// <summary>What a peer has to let us have under way at least.</summary>
    public MilliSatoshis InFlightMin { get; init; } = new(1_000_000);

    /// <summary>HTLCs that we take.</summary>
    public ushort MaxAcceptedHtlcs { get; init; } = HtlcsMax;

    /// <summary>How many HTLCs a peer has to take at least.</summary>
    public ushort MaxAcceptedHtlcsMin { get; init; } = 5;

    /// <summary>Blocks that a peer has to wait for its own outputs.</summary>
    public ushort ToSelfDelay { get; init; } = 144;

    /// <summary>Blocks that we are ready to wait.</summary>
    public ushort ToSelfDelayMax { get; init; } = 2016;

    /// <summary>Confirmations that we want for a channel that the peer funds.</summary>
    public uint MinimumDepth { get; init; } = 3;

    /// <summary>Confirmations that we are ready to wait for.</summary>
    public uint MinimumDepthMax { get; init; } = 144;

    /// <summary>Channels of one peer that it has proposed and not funded yet.</summary>
    public int UnfundedOfPeerMax { get; init; } = 4;

    /// <summary>The same of all peers.</summary>
    public int UnfundedInAllMax { get; init; } = 100;

    /// <summary>What HTLCs without an output may add up to in either commitment: it goes to the miners on a unilateral close.</summary>
    public MilliSatoshis DustExposureMax { get; init; } = new(50_000_000);

    /// <summary>The farthest expiry that we offer, in blocks from now.</summary>
    public uint ExpiryDeltaMax { get; init; } = 2016;

    /// <summary>Tell the peer at the start where our funds go at a close, and so be bound to it.</summary>
    public bool BindsShutdownScript { get; init; }

    /// <summary>The reserve that we ask for.</summary>
    public Satoshis ReserveFor(Satoshis funding)
    {
        var part = new Satoshis(funding.Value / 1000 * ReservePerMille);
        return part > ReserveMin ? part : ReserveMin;
    }
}
