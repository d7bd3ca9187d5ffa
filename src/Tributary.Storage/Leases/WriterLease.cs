using System.Buffers.Binary;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Storage.Errors;
using Tributary.Storage.Files;

namespace Tributary.Storage.Leases;

/// <summary>
/// The right to write into a folder. A lock of the operating system keeps a second writer out; where it does not hold (some network file
/// systems, a folder mounted twice) the fencing generation does: each writer persists a higher one than it finds, and whoever no longer finds
/// its own stops. Checked before a commit is written and again before it is acknowledged, so that a successor, which persists its generation
/// before it reads, has read whatever was acknowledged.
/// </summary>
public sealed class WriterLease : IDisposable
{
    internal const string FileName = "lease";

    internal const string LockName = "lock";
    private const int Length = 32;
    private const uint Version = 1;

    private readonly IStorageDirectory _directory;
    private readonly IDisposable _lock;

    private WriterLease(IStorageDirectory directory, IDisposable taken, Generation generation)
    {
        _directory = directory;
        _lock = taken;
        Generation = generation;
    }

    /// <summary>This writer's number.</summary>
    public Generation Generation { get; }

    private static ReadOnlySpan<byte> Magic => "TribLeas"u8;

    /// <summary>Takes the lease: durable when the call returns.</summary>
    /// <param name="directory">What is to be written.</param>
    /// <param name="holder">Who takes it, in words that a second writer is refused with.</param>
    public static Result<WriterLease, StorageError> Acquire(IStorageDirectory directory, string holder)
    {
        if (!directory.TryLock(LockName, holder, out var taken, out var heldBy))
            return new StorageError(StorageErrorKind.InUse, directory.Location, null, $"is in use by {heldBy}");

        try
        {
            if (!Read(directory).TryGet(out var last, out var error))
            {
                taken.Dispose();
                return error;
            }

            var lease = new WriterLease(directory, taken, last.Next);
            Write(directory, lease.Generation);
            return lease;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that no other writer has taken over.</summary>
    /// <exception cref="LeaseLostException">One has, or the file is gone.</exception>
    public void Check()
    {
        if (!Read(_directory).TryGet(out var found, out var error))
            throw new LeaseLostException($"The lease of generation {Generation} cannot be confirmed: {error}.");
        if (found != Generation)
            throw new LeaseLostException($"The lease of generation {Generation} was lost to generation {found}.");
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    /// <summary>The generation on disk; 0 where there never was a writer.</summary>
    internal static Result<Generation, StorageError> Read(IStorageDirectory directory)
    {
        Span<byte> bytes = stackalloc byte[Length + 1];
        try
        {
            using var file = directory.Open(FileName, FileUse.Read);
            bytes = bytes[..file.Read(0, bytes)];
        }
        catch (FileNotFoundException)
        {
            return default(Generation);
        }

        if (bytes.Length != Length
            || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != Crc32C.Of(bytes[..28]))
            return new StorageError(StorageErrorKind.Corrupt, $"{directory.Location}/{FileName}", 0, "the lease is damaged");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != Version)
            return new StorageError(StorageErrorKind.Foreign, $"{directory.Location}/{FileName}", 8, $"has version {version}; this program reads version {Version}");
        return new Generation(BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]));
    }

    /// <summary>Persists a generation, in one step.</summary>
    internal static void Write(IStorageDirectory directory, Generation generation)
    {
        const string Temporary = FileName + ".new";
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[12..], generation.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[28..], Crc32C.Of(bytes[..28]));
        directory.Remove(Temporary);
        using (var file = directory.Create(Temporary))
        {
            file.Write(0, bytes);
            file.Flush();
        }

        directory.Rename(Temporary, FileName);
        directory.Sync();
    }
}
