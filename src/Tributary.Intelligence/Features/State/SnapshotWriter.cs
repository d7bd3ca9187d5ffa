using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tributary.Intelligence.Features.State;

/// <summary>Writes numbers in little endian to a stream, and at the end the SHA-256 of all of them.</summary>
internal sealed class SnapshotWriter(Stream stream) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _filled;

    public void WriteInt64(long value)
    {
        Ensure(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_filled), value);
        _filled += sizeof(long);
    }

    public void WriteInt64s(ReadOnlySpan<long> values)
    {
        foreach (var value in values)
            WriteInt64(value);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Flush();
        _hash.AppendData(bytes);
        stream.Write(bytes);
    }

    public void Finish()
    {
        Flush();
        stream.Write(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    private void Ensure(int count)
    {
        if (_filled + count > _buffer.Length)
            Flush();
    }

    private void Flush()
    {
        _hash.AppendData(_buffer, 0, _filled);
        stream.Write(_buffer, 0, _filled);
        _filled = 0;
    }
}
