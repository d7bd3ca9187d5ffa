using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Revokes the commitment before and gives the point of the one after the next (BOLT 2).</summary>
public sealed record RevokeAndAck : LightningMessage
{
    public override MessageType Type => MessageType.RevokeAndAck;

    public required ChannelId ChannelId { get; init; }

    public required Bytes32 PerCommitmentSecret { get; init; }

    public required PublicKey NextPerCommitmentPoint { get; init; }

    internal static RevokeAndAck Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        PerCommitmentSecret = reader.Bytes32("per_commitment_secret"),
        NextPerCommitmentPoint = reader.Point("next_per_commitment_point"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteBytes32(PerCommitmentSecret);
        writer.WritePoint(NextPerCommitmentPoint);
        writer.WriteExtension(UnknownTlvs);
    }
}
