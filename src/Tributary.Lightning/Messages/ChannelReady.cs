using Tributary.Crypto;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Says that the funding is deep enough (BOLT 2).</summary>
public sealed record ChannelReady : LightningMessage
{
    public override MessageType Type => MessageType.ChannelReady;

    public required ChannelId ChannelId { get; init; }

    public required PublicKey SecondPerCommitmentPoint { get; init; }

    /// <summary>An alias under which the sender takes HTLCs for the channel.</summary>
    public ShortChannelId? Alias { get; init; }

    internal static ChannelReady Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        SecondPerCommitmentPoint = reader.Point("second_per_commitment_point"),
        UnknownTlvs = reader.Extension(1),
        Alias = reader.TlvShortChannelId(1, "short_channel_id"),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WritePoint(SecondPerCommitmentPoint);
        writer.WriteExtension(UnknownTlvs, MessageWriter.Record(1, Alias is { } alias ? alias.WriteTo : null));
    }
}
