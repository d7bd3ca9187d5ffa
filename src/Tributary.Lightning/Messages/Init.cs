using Tributary.Lightning.Features;
using Tributary.Primitives.Bytes;

namespace Tributary.Lightning.Messages;

/// <summary>The first message of each side: its features (BOLT 1).</summary>
public sealed record Init : LightningMessage
{
    public override MessageType Type => MessageType.Init;

    /// <summary>The old half; what counts is both together, <see cref="AllFeatures"/>.</summary>
    public required FeatureVector GlobalFeatures { get; init; }

    public required FeatureVector Features { get; init; }

    /// <summary>Genesis hashes of the chains that the peer cares for.</summary>
    public IReadOnlyList<Bytes32>? Networks { get; init; }

    /// <summary>How the peer sees our address: a descriptor of BOLT 7.</summary>
    public ReadOnlyMemory<byte>? RemoteAddress { get; init; }

    /// <summary>Both fields as one.</summary>
    public FeatureVector AllFeatures => GlobalFeatures.Or(Features);

    internal static Init Read(ref MessageReader reader) => new()
    {
        GlobalFeatures = reader.Features("globalfeatures"),
        Features = reader.Features("features"),
        UnknownTlvs = reader.Extension(1, 3),
        Networks = reader.TlvHashes(1, "networks"),
        RemoteAddress = reader.TlvBytes(3),
    };

    protected internal override void WritePayload(ByteWriter writer)
    {
        writer.WriteCounted(GlobalFeatures.Span);
        writer.WriteCounted(Features.Span);
        writer.WriteExtension(
            UnknownTlvs,
            MessageWriter.Record(1, Networks is { } networks ? output => WriteAll(output, networks) : null),
            MessageWriter.Record(3, RemoteAddress?.ToArray()));
    }

    private static void WriteAll(ByteWriter writer, IReadOnlyList<Bytes32> hashes)
    {
        foreach (var hash in hashes)
            writer.WriteBytes32(hash);
    }
}
