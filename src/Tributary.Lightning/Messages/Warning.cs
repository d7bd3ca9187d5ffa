using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Tells that something is wrong without failing a channel (BOLT 1).</summary>
public sealed record Warning : LightningMessage
{
    public override MessageType Type => MessageType.Warning;

    /// <summary>The channel, or <see cref="ChannelId.All"/>.</summary>
    public required ChannelId ChannelId { get; init; }

    /// <summary>Text for a person; not to be shown as it is unless it is printable ASCII.</summary>
    public required ReadOnlyMemory<byte> Data { get; init; }

    internal static Warning Read(ref MessageReader reader) => new()
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
