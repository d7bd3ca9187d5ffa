using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Keys;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Tests.Keys;

/// <summary>The keys of both sides of a channel. The first side opened it.</summary>
internal sealed class ChannelPair
{
    internal ChannelPair(CommitmentFormat format, byte seed = 1, OutPoint? funding = null, long fundingSatoshis = 10_000_000)
    {
        Format = format;
        Funding = funding ?? new OutPoint(new TxId(Hashes.Sha256([seed])), 0);
        FundingAmount = new Satoshis(fundingSatoshis);
        Keys = [Channel(seed), Channel((byte)(seed + 100))];
    }

    internal CommitmentFormat Format { get; }

    internal OutPoint Funding { get; }

    internal Satoshis FundingAmount { get; }

    internal ChannelKeys[] Keys { get; }

    internal int Delay { get; init; } = 144;

    internal FeeratePerKw Feerate { get; set; } = new(253);

    internal CommitmentContract Contract(int broadcaster) => new()
    {
        Format = Format,
        Funding = Funding,
        FundingAmount = FundingAmount,
        BroadcasterFundingKey = Keys[broadcaster].Basepoints.Funding,
        CountersignerFundingKey = Keys[1 - broadcaster].Basepoints.Funding,
        BroadcasterIsOpener = broadcaster == 0,
        ObscuringFactor = CommitmentNumber.ObscuringFactor(Keys[0].Basepoints.Payment, Keys[1].Basepoints.Payment),
        ToSelfDelay = (ushort)(Delay + broadcaster),
        DustLimit = new Satoshis(354 + broadcaster),
    };

    internal CommitmentState State(int broadcaster, ulong number, long toBroadcasterMsat, long toCountersignerMsat, params CommittedHtlc[] htlcs)
    {
        Assert.True(CommitmentKeys.TryDerive(
            Format, Keys[broadcaster].PerCommitment.Point(number), Keys[broadcaster].Basepoints, Keys[1 - broadcaster].Basepoints, out var keys));
        return new CommitmentState
        {
            Number = number,
            Keys = keys,
            Feerate = Feerate,
            ToBroadcaster = new MilliSatoshis(toBroadcasterMsat),
            ToCountersigner = new MilliSatoshis(toCountersignerMsat),
            Htlcs = htlcs,
        };
    }

    internal Bytes32 Secret(int side, ulong number)
    {
        Span<byte> secret = stackalloc byte[Bytes32.Length];
        Keys[side].PerCommitment.WriteSecret(number, secret);
        return new Bytes32(secret);
    }

    private static ChannelKeys Channel(byte seed)
    {
        using var node = NodeKeys.FromSeed(Enumerable.Repeat(seed, 32).ToArray());
        return node.ChannelKeys(Hashes.Sha256([seed, 7]));
    }
}
