using Tributary.Crypto;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Lightning.OnChain.Backups;

/// <summary>
/// The file of static channel backups: written anew whenever a channel is opened or closed for good. Safe to keep anywhere, and never too old
/// to restore from, since a channel restored from it broadcasts nothing of its own.
/// <code>
/// "TSCB" | version 1 | nonce (12) | encrypted entries | tag (16)
/// </code>
/// ChaCha20-Poly1305 under a key of the node (<c>NodeKeys.BackupKey</c>) with a random nonce; the bytes before the entries are authenticated.
/// The entries are a count, and for each channel its length, version and fields.
/// </summary>
public static class StaticChannelBackup
{
    private const byte Version = 1;
    private const byte EntryVersion = 1;
    private const int HeaderLength = 4 + 1 + AeadKey.NonceLength;

    // Key id, outpoint, five points and the peer: no entry is shorter.
    private const int EntryBytesMin = 250;

    private static ReadOnlySpan<byte> Magic => "TSCB"u8;

    /// <summary>Encrypts.</summary>
    /// <param name="channels">All channels that are not closed for good.</param>
    /// <param name="key32">The node's key for backups.</param>
    /// <param name="entropy">For the nonce.</param>
    public static byte[] Seal(IReadOnlyCollection<ChannelBackup> channels, ReadOnlySpan<byte> key32, IEntropy entropy)
    {
        var content = new ByteWriter();
        content.WriteCompactSize((ulong)channels.Count);
        var entry = new ByteWriter();
        foreach (var channel in channels)
        {
            entry.Clear();
            entry.WriteByte(EntryVersion);
            channel.WriteTo(entry);
            content.WriteCompactSizeBytes(entry.WrittenSpan);
        }

        var file = new byte[HeaderLength + content.Length + AeadKey.TagLength];
        Magic.CopyTo(file);
        file[4] = Version;
        entropy.Fill(file.AsSpan(5, AeadKey.NonceLength));
        using var cipher = new AeadKey(key32);
        cipher.Encrypt(file.AsSpan(5, AeadKey.NonceLength), file.AsSpan(0, HeaderLength), content.WrittenSpan, file.AsSpan(HeaderLength));
        return file;
    }

    /// <summary>Decrypts; refused for bytes that are no backup, a newer one, or one of another seed.</summary>
    public static Result<IReadOnlyList<ChannelBackup>, Refusal> Open(ReadOnlySpan<byte> file, ReadOnlySpan<byte> key32)
    {
        if (file.Length < HeaderLength + AeadKey.TagLength || !file.StartsWith(Magic))
            return new Refusal("backup", "is no static channel backup, or is cut short");
        if (file[4] != Version)
            return new Refusal("backup.version", $"{file[4]} is not known; this program reads version {Version}");
        var content = new byte[file.Length - HeaderLength - AeadKey.TagLength];
        using var cipher = new AeadKey(key32);
        return cipher.TryDecrypt(file.Slice(5, AeadKey.NonceLength), file[..HeaderLength], file[HeaderLength..], content)
            ? Read(content)
            : new Refusal("backup", "does not open with this node's seed, or was changed");
    }

    private static Result<IReadOnlyList<ChannelBackup>, Refusal> Read(ReadOnlySpan<byte> content)
    {
        var reader = new SpanReader(content);
        if (!reader.TryReadCount(EntryBytesMin, out var count))
            return new Refusal("backup.channels", "are fewer than their number says");
        var channels = new List<ChannelBackup>(count);
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadCompactSizeBytes(out var bytes))
                return new Refusal($"backup.channels[{i}]", "is cut short");
            var entry = new SpanReader(bytes);
            if (!entry.TryReadByte(out var version) || version != EntryVersion)
                return new Refusal($"backup.channels[{i}]", $"is of version {version}, which this program does not know");
            if (!ChannelBackup.TryRead(ref entry, out var channel) || !entry.IsAtEnd)
                return new Refusal($"backup.channels[{i}]", "is damaged");
            channels.Add(channel!);
        }

        return reader.IsAtEnd ? channels : new Refusal("backup", "has bytes after its channels");
    }
}
