using Tributary.Bitcoin.Scripts;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>Starts a cooperative close (BOLT 2).</summary>
public sealed record Shutdown : LightningMessage
{
    public override MessageType Type => MessageType.Shutdown;

    public required ChannelId ChannelId { get; init; }

    public required Script ScriptPubKey { get; init; }

    internal static Shutdown Read(ref MessageReader reader) => new()
    {
        ChannelId = reader.ChannelId("channel_id"),
        ScriptPubKey = reader.Script("scriptpubkey"),
        UnknownTlvs = reader.Extension(),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteBytes32(ChannelId.Value);
        writer.WriteCounted(ScriptPubKey.Span);
        writer.WriteExtension(UnknownTlvs);
    }
}
