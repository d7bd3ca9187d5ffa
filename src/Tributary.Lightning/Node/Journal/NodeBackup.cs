using Tributary.Crypto;
using Tributary.Lightning.Channels;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.Node.Journal;

/// <summary>
/// The file of <c>backup</c>: for each channel what never changes, and where its peer listens. Together with the seed it is enough to have the
/// peers close, and to find what they then pay; it is never too old, since nothing of ours is ever broadcast from it.
/// <code>
/// "TNBK" | version 1 | nonce (12) | encrypted entries | tag (16)
/// </code>
/// ChaCha20-Poly1305 under <c>NodeKeys.BackupKey</c> with a random nonce; the header is authenticated. The entries are those of the node's log,
/// each with its length.
/// </summary>
internal static class NodeBackup
{
    private const byte Version = 1;
    private const int HeaderLength = 4 + 1 + AeadKey.NonceLength;

    private static ReadOnlySpan<byte> Magic => "TNBK"u8;

    internal static byte[] Seal(IReadOnlyCollection<ReadOnlyMemory<byte>> entries, ReadOnlySpan<byte> key32, IEntropy entropy)
    {
        var content = new ByteWriter();
        content.WriteCompactSize((ulong)entries.Count);
        foreach (var entry in entries)
            content.WriteCompactSizeBytes(entry.Span);
        var file = new byte[HeaderLength + content.Length + AeadKey.TagLength];
        Magic.CopyTo(file);
        file[4] = Version;
        entropy.Fill(file.AsSpan(5, AeadKey.NonceLength));
        using var cipher = new AeadKey(key32);
        cipher.Encrypt(file.AsSpan(5, AeadKey.NonceLength), file.AsSpan(0, HeaderLength), content.WrittenSpan, file.AsSpan(HeaderLength));
        return file;
    }

    /// <summary>Opens a file: entries that are channels without state, peers' addresses and fundings, and nothing else.</summary>
    internal static Result<IReadOnlyList<byte[]>, Refusal> Open(ReadOnlySpan<byte> file, ReadOnlySpan<byte> key32)
    {
        if (file.Length < HeaderLength + AeadKey.TagLength || !file.StartsWith(Magic))
            return new Refusal("file", "is no backup of a node, or is cut short");
        if (file[4] != Version)
            return new Refusal("file", $"is of version {file[4]}, which this program does not know");
        var content = new byte[file.Length - HeaderLength - AeadKey.TagLength];
        using var cipher = new AeadKey(key32);
        if (!cipher.TryDecrypt(file.Slice(5, AeadKey.NonceLength), file[..HeaderLength], file[HeaderLength..], content))
            return new Refusal("file", "does not open with these words, or was changed");

        var reader = new SpanReader(content);
        if (!reader.TryReadCount(1, out var count))
            return new Refusal("file", "holds fewer entries than it says");
        var entries = new List<byte[]>(count);
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadCompactSizeBytes(out var entry))
                return new Refusal("file", $"is cut short in entry {i}");
            if (Check(entry) is { } refusal)
                return new Refusal("file", $"holds an entry {i} that does not belong there: {refusal}");
            entries.Add(entry.ToArray());
        }

        return reader.IsAtEnd ? entries : new Refusal("file", "has bytes after its entries");
    }

    private static Refusal? Check(ReadOnlySpan<byte> entry)
    {
        if (LogEntry.Read(entry, out var kind, out _, out var record) is { } refusal)
            return refusal;
        switch (kind)
        {
            case EntryKind.ChannelState:
                return !ChannelState.Read(record).TryGet(out var state, out refusal) ? refusal : state.IsStaticBackup ? null : new Refusal("channel", "has a state, which may be old");
            case EntryKind.Node:
                return !NodeRecordCodec.Read(record).TryGet(out var node, out refusal) ? refusal
                    : node is NodeRecord.PeerAddressKnown or NodeRecord.FundingMined ? null : new Refusal("node_record", $"is a {node.GetType().Name}");
            default:
                return new Refusal("entry.kind", $"is {kind}");
        }
    }
}
