using Tributary.Bitcoin.Transactions;
using Tributary.Crypto;
using Tributary.Lightning.Commitments;
using Tributary.Lightning.Features;
using Tributary.Lightning.Keys;
using Tributary.Lightning.Messages;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.OnChain.Backups;

/// <summary>
/// What never changes in a channel's life, and is enough, with the node's seed, to find the peer, have it close, and take our balance from its
/// commitment. HTLCs that are under way then are lost to whoever has the state.
/// </summary>
public sealed record ChannelBackup
{
    /// <summary>Which channel keys are ours.</summary>
    public required Bytes32 KeyId { get; init; }

    public required OutPoint Funding { get; init; }

    public required Satoshis FundingAmount { get; init; }

    /// <summary>The peer.</summary>
    public required NodeId Peer { get; init; }

    /// <summary>Where it was last reached.</summary>
    public required IReadOnlyList<NodeAddress> Addresses { get; init; }

    public required ChannelType Type { get; init; }

    /// <summary>We opened the channel.</summary>
    public required bool IsOpener { get; init; }

    public required ChannelBasepoints RemoteBasepoints { get; init; }

    /// <summary>Blocks that our own outputs wait.</summary>
    public required ushort LocalToSelfDelay { get; init; }

    /// <summary>Blocks that the peer's own outputs wait.</summary>
    public required ushort RemoteToSelfDelay { get; init; }

    public required Satoshis LocalDustLimit { get; init; }

    public required Satoshis RemoteDustLimit { get; init; }

    /// <summary>What commitments of one side have in common.</summary>
    /// <param name="ours">Our own.</param>
    /// <param name="keys">Our keys of the channel.</param>
    public CommitmentContract Contract(bool ours, ChannelKeys keys)
    {
        var (opener, accepter) = IsOpener ? (keys.Basepoints, RemoteBasepoints) : (RemoteBasepoints, keys.Basepoints);
        return new CommitmentContract
        {
            Format = Type.HasAnchors ? CommitmentFormat.AnchorsZeroFeeHtlc : CommitmentFormat.StaticRemoteKey,
            Funding = Funding,
            FundingAmount = FundingAmount,
            BroadcasterFundingKey = ours ? keys.Basepoints.Funding : RemoteBasepoints.Funding,
            CountersignerFundingKey = ours ? RemoteBasepoints.Funding : keys.Basepoints.Funding,
            BroadcasterIsOpener = IsOpener == ours,
            ObscuringFactor = CommitmentNumber.ObscuringFactor(opener.Payment, accepter.Payment),
            ToSelfDelay = ours ? LocalToSelfDelay : RemoteToSelfDelay,
            DustLimit = ours ? LocalDustLimit : RemoteDustLimit,
        };
    }

    internal void WriteTo(ByteWriter writer)
    {
        writer.WriteBytes32(KeyId);
        Funding.WriteTo(writer);
        writer.WriteInt64LittleEndian(FundingAmount.Value);
        writer.WriteBytes(Peer.Span);
        writer.WriteCompactSizeBytes(NodeAddresses.Write(Addresses));
        writer.WriteCompactSizeBytes(Type.ToFeatures().Span);
        writer.WriteByte(IsOpener ? (byte)1 : (byte)0);
        foreach (var point in new[] { RemoteBasepoints.Funding, RemoteBasepoints.Revocation, RemoteBasepoints.Payment, RemoteBasepoints.DelayedPayment, RemoteBasepoints.Htlc })
            writer.WriteBytes(point.ToBytes());
        writer.WriteUInt16LittleEndian(LocalToSelfDelay);
        writer.WriteUInt16LittleEndian(RemoteToSelfDelay);
        writer.WriteInt64LittleEndian(LocalDustLimit.Value);
        writer.WriteInt64LittleEndian(RemoteDustLimit.Value);
    }

    internal static bool TryRead(ref SpanReader reader, out ChannelBackup? backup)
    {
        backup = null;
        if (!reader.TryReadBytes32(out var keyId)
            || !OutPoint.TryRead(ref reader, out var funding) || funding.Index > ushort.MaxValue
            || !TryReadAmount(ref reader, out var amount)
            || !reader.TryReadBytes(NodeId.Length, out var peer)
            || !reader.TryReadCompactSizeBytes(out var addresses)
            || !reader.TryReadCompactSizeBytes(out var features)
            || !ChannelType.Read(FeatureVector.Read(features)).TryGet(out var type)
            || !reader.TryReadByte(out var isOpener) || isOpener > 1
            || !TryReadBasepoints(ref reader, out var basepoints)
            || !reader.TryReadUInt16LittleEndian(out var localDelay) || !reader.TryReadUInt16LittleEndian(out var remoteDelay)
            || !TryReadAmount(ref reader, out var localDust) || !TryReadAmount(ref reader, out var remoteDust))
        {
            return false;
        }

        backup = new ChannelBackup
        {
            KeyId = keyId,
            Funding = funding,
            FundingAmount = amount,
            Peer = new NodeId(peer),
            Addresses = NodeAddresses.Read(addresses),
            Type = type,
            IsOpener = isOpener == 1,
            RemoteBasepoints = basepoints!,
            LocalToSelfDelay = localDelay,
            RemoteToSelfDelay = remoteDelay,
            LocalDustLimit = localDust,
            RemoteDustLimit = remoteDust,
        };
        return true;
    }

    private static bool TryReadAmount(ref SpanReader reader, out Satoshis amount)
    {
        amount = default;
        if (!reader.TryReadInt64LittleEndian(out var value))
            return false;
        amount = new Satoshis(value);
        return amount.IsInMoneyRange;
    }

    private static bool TryReadBasepoints(ref SpanReader reader, out ChannelBasepoints? basepoints)
    {
        basepoints = null;
        var points = new PublicKey[5];
        for (var i = 0; i < points.Length; i++)
        {
            if (!reader.TryReadBytes(PublicKey.CompressedLength, out var bytes) || !PublicKey.TryParse(bytes, out points[i]))
                return false;
        }

        basepoints = new ChannelBasepoints(points[0], points[1], points[2], points[3], points[4]);
        return true;
    }
}
