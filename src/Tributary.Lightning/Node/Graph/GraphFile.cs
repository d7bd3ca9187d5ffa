using System.Buffers.Binary;
using Tributary.Bitcoin.Transactions;
using Tributary.Lightning.Gossip;
using Tributary.Lightning.Wire;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Files;

namespace Tributary.Lightning.Node.Graph;

/// <summary>
/// The graph on disk, so that a restart does not ask for all of it again:
/// <code>
/// "TGRF" | version 1 | chain hash (32) | height (4) | count (4) | count × (short channel id (8), funding txid (32)) | GraphSnapshot
/// </code>
/// The old file is there until the new one is whole. A file that is damaged, of another chain or too large is removed: everything in it can be
/// asked for again.
/// </summary>
internal sealed class GraphFile(IStorageDirectory directory)
{
    private const string Name = "graph";
    private const string NewName = "graph.new";
    private const byte Version = 1;
    private const int HeaderLength = 4 + 1 + Bytes32.Length + 4 + 4;
    private const int EntryLength = 8 + Bytes32.Length;

    /// <summary>Bytes that are written at once.</summary>
    private const int PieceLength = 1 << 15;

    /// <summary>More is not read: several times what the public network takes.</summary>
    private const long LengthMax = 512L << 20;

    private static ReadOnlySpan<byte> Magic => "TGRF"u8;

    /// <summary>Reads what was written last; null when there is nothing that can be used. The archive is empty, and filled.</summary>
    internal SavedGraph? Read(Bytes32 chainHash, GossipArchive archive)
    {
        if (!directory.Exists(Name))
            return null;
        if (TryRead(chainHash, archive) is { } saved)
        {
            // What reading took is many times what a node takes otherwise, and is given back at once.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return saved;
        }

        directory.Remove(Name);
        return null;
    }

    /// <summary>Replaces the file.</summary>
    /// <param name="chainHash">The chain.</param>
    /// <param name="height">Blocks up to this one were looked through.</param>
    /// <param name="fundings">Which output funds a channel.</param>
    /// <param name="writeSnapshot">Writes the snapshot, piece by piece.</param>
    /// <exception cref="IOException">The disk failed; the old file is still there.</exception>
    internal void Write(Bytes32 chainHash, int height, IReadOnlyDictionary<ShortChannelId, OutPoint> fundings, Action<Action<ReadOnlySpan<byte>>> writeSnapshot)
    {
        var writer = new ByteWriter(PieceLength);
        writer.WriteBytes(Magic);
        writer.WriteByte(Version);
        writer.WriteBytes32(chainHash);
        writer.WriteInt32LittleEndian(height);
        writer.WriteUInt32BigEndian((uint)fundings.Count);
        if (directory.Exists(NewName))
            directory.Remove(NewName);
        using (var file = directory.Create(NewName))
        {
            foreach (var (id, outPoint) in fundings)
            {
                id.WriteTo(writer);
                writer.WriteBytes32(outPoint.TxId.Value);
                if (writer.Length < PieceLength - EntryLength)
                    continue;
                file.Write(file.Length, writer.WrittenSpan);
                writer.Clear();
            }

            file.Write(file.Length, writer.WrittenSpan);
            writeSnapshot(piece => file.Write(file.Length, piece));
            file.Flush();
        }

        directory.Rename(NewName, Name);
        directory.Sync();
    }

    private SavedGraph? TryRead(Bytes32 chainHash, GossipArchive archive)
    {
        byte[] bytes;
        using (var file = directory.Open(Name, FileUse.Read))
        {
            if (file.Length is < HeaderLength or > LengthMax)
                return null;
            bytes = new byte[file.Length];
            if (file.Read(0, bytes) != bytes.Length)
                return null;
        }

        if (!bytes.AsSpan().StartsWith(Magic) || bytes[4] != Version || !bytes.AsSpan(5, Bytes32.Length).SequenceEqual(chainHash.Span))
            return null;
        var height = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(37));
        var count = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(41));
        if (count > (uint)((bytes.Length - HeaderLength) / EntryLength))
            return null;
        var end = HeaderLength + ((int)count * EntryLength);
        if (!GraphSnapshot.Read(bytes.AsSpan(end), archive).TryGet(out var graph))
            return null;

        var fundings = new Dictionary<ShortChannelId, OutPoint>((int)count);
        for (var at = HeaderLength; at < end; at += EntryLength)
        {
            var id = new ShortChannelId(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(at)));
            if (graph.HasChannel(id))
                fundings[id] = new OutPoint(new TxId(new Bytes32(bytes.AsSpan(at + 8, Bytes32.Length))), id.OutputIndex);
        }

        return new SavedGraph(graph, fundings, height);
    }
}
