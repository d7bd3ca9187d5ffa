using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;
using Tributary.Storage.Formats;
using Tributary.Storage.Leases;
using Tributary.Storage.Logs;

namespace Tributary.Storage.Backups;

/// <summary>The file that makes a copy recognisable. It is on disk before anything of the copy is, and nothing ever removes it.</summary>
internal static class CopyMarker
{
    internal const string FileName = "restored-from";

    private const string Unfinished = FileName + LogFiles.Unfinished;
    private const int Length = 64;
    private const int ChecksumAt = Length - sizeof(uint);
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "TribCopy"u8;

    /// <summary>Why a folder is not to be opened as a log in use; null where it may be one.</summary>
    internal static StorageError? Refuse(IStorageDirectory directory)
    {
        if (TryRead(directory, out var from) is { } error)
            return error;
        return from is null
            ? null
            : new StorageError(
                StorageErrorKind.StaleCopy,
                directory.Location,
                null,
                $"is a copy ({from.Origin}) of log {from.Log} as it was at {from.At:u}, up to batch {from.Through}: it may be stale");
    }

    /// <summary>Reads the marker; null where there is none.</summary>
    internal static StorageError? TryRead(IStorageDirectory directory, out RestoredFrom? from)
    {
        from = null;
        Span<byte> bytes = stackalloc byte[Length + 1];
        try
        {
            using var file = directory.Open(FileName, FileUse.Read);
            bytes = bytes[..file.Read(0, bytes)];
        }
        catch (FileNotFoundException)
        {
            // A copy that was begun and is nothing yet.
            return directory.Exists(Unfinished) ? new StorageError(StorageErrorKind.StaleCopy, directory.Location, null, "is a copy that was not finished") : null;
        }

        var location = $"{directory.Location}/{FileName}";
        if (bytes.Length != Length || !bytes.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]) != Crc32C.Of(bytes[..ChecksumAt]))
            return new StorageError(StorageErrorKind.Corrupt, location, 0, "the marker of a copy is damaged");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != Version)
            return new StorageError(StorageErrorKind.Foreign, location, 8, $"has version {version}; this program reads version {Version}");
        from = new RestoredFrom(
            (CopyOrigin)BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            new LogId(BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..])),
            new Generation(BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..])),
            new LogSequence(BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..])),
            DateTimeOffset.UnixEpoch.AddTicks(BinaryPrimitives.ReadInt64LittleEndian(bytes[48..])));
        return null;
    }

    /// <summary>Marks a folder, durably.</summary>
    internal static void Write(IStorageDirectory directory, RestoredFrom from)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], (int)from.Origin);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], from.Log.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], from.Generation.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], from.Through.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], (from.At - DateTimeOffset.UnixEpoch).Ticks);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumAt..], Crc32C.Of(bytes[..ChecksumAt]));
        using (var file = directory.Create(Unfinished))
        {
            file.Write(0, bytes);
            file.Flush();
        }

        directory.Rename(Unfinished, FileName);
        directory.Sync();
    }
}
