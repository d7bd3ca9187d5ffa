using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tributary.Intelligence.Features.State;

/// <summary>
/// Reads what <see cref="SnapshotWriter"/> wrote. Once anything is out of bounds or the stream ends, <see cref="IsDamaged"/> stays true and every
/// number reads as 0, so that a caller checks once and not at each step.
/// </summary>
internal sealed class SnapshotReader(Stream stream) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _number = new byte[sizeof(long)];

    /// <summary>True once the bytes were not what a writer makes.</summary>
    public bool IsDamaged { get; private set; }

    public long ReadInt64()
    {
        if (!TryFill(_number))
            return 0;
        return BinaryPrimitives.ReadInt64LittleEndian(_number);
    }

    /// <summary>A number between two bounds; outside of them the snapshot is damaged, and it reads as the lower one.</summary>
    public long ReadInt64(long least, long most)
    {
        var value = ReadInt64();
        if (value >= least && value <= most && !IsDamaged)
            return value;
        IsDamaged = true;
        return least;
    }

    public void ReadInt64s(Span<long> values)
    {
        for (var i = 0; i < values.Length && !IsDamaged; i++)
            values[i] = ReadInt64();
    }

    public void ReadBytes(Span<byte> bytes) => TryFill(bytes);

    /// <summary>Marks the snapshot as damaged unless something holds.</summary>
    public void Require(bool holds) => IsDamaged |= !holds;

    /// <summary>True when the checksum follows and is right.</summary>
    public bool Finish()
    {
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> found = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(expected);
        return !IsDamaged && stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) == found.Length && found.SequenceEqual(expected);
    }

    public void Dispose() => _hash.Dispose();

    private bool TryFill(Span<byte> bytes)
    {
        if (!IsDamaged && stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length)
        {
            _hash.AppendData(bytes);
            return true;
        }

        bytes.Clear();
        IsDamaged = true;
        return false;
    }
}
