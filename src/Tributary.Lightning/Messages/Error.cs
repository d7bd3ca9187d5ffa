using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Fails a channel, or all channels with the peer (BOLT 1).</summary>
public sealed record Error : LightningMessage
{
    public override MessageType Type => MessageType.Error;

    /// <summary>The channel, or <see cref="ChannelId.All"/>.</summary>
    public required ChannelId ChannelId { get; init; }

    /// <summary>Text for a person; not to be shown as it is unless it is printable ASCII.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    internal static Error Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        Data = reader.Counted("data"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteCounted(Data.Span);
        writer.WriteExtension(UnknownTlvs);
    }
}
