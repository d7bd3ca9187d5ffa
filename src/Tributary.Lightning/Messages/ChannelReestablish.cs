using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Says after a reconnection where the sender stands (BOLT 2).</summary>
public sealed record ChannelReestablish : LightningMessage
{
    public override MessageType Type => MessageType.ChannelReestablish;

    public required ChannelId ChannelId { get; init; }

    public required ulong NextCommitmentNumber { get; init; }

    public required ulong NextRevocationNumber { get; init; }

    /// <summary>The last secret that the sender has from the receiver; zeros when there is none.</summary>
    public required Bytes32 YourLastPerCommitmentSecret { get; init; }

    public required PublicKey MyCurrentPerCommitmentPoint { get; init; }

    public NextFunding? NextFunding { get; init; }

    public NextFunding? MyCurrentFundingLocked { get; init; }

    internal static ChannelReestablish Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        NextCommitmentNumber = reader.UInt64("next_commitment_number"),
        NextRevocationNumber = reader.UInt64("next_revocation_number"),
        YourLastPerCommitmentSecret = reader.Bytes32("your_last_per_commitment_secret"),
        MyCurrentPerCommitmentPoint = reader.Point("my_current_per_commitment_point"),
        UnknownTlvs = reader.Extension(1, 5),
        NextFunding = reader.TlvNextFunding(1, "next_funding"),
        MyCurrentFundingLocked = reader.TlvNextFunding(5, "my_current_funding_locked"),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteUInt64BigEndian(NextCommitmentNumber);
        writer.WriteUInt64BigEndian(NextRevocationNumber);
        writer.WriteBytes32(YourLastPerCommitmentSecret);
        writer.WritePoint(MyCurrentPerCommitmentPoint);
        writer.WriteExtension(
            UnknownTlvs,
            MessageWriter.Record(1, NextFunding is { } nextFunding ? output => WriteFunding(output, nextFunding) : null),
            MessageWriter.Record(5, MyCurrentFundingLocked is { } myCurrentFundingLocked ? output => WriteFunding(output, myCurrentFundingLocked) : null));
    }

    private static void WriteFunding(ByteWriter writer, NextFunding funding)
    {
        writer.WriteBytes32(funding.TxId.Value);
        writer.WriteByte(funding.RetransmitFlags);
    }
}
