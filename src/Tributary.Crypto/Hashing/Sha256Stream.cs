using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Tributary.Crypto;

/// <summary>
/// SHA-256 of bytes that come in pieces. A mutable value: it lives on the stack, never allocates, and a copy of it is a fork that goes on
/// from the same midstate. Pass it by reference. A default instance is a fresh one.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A running computation has no equality.")]
public struct Sha256Stream
{
    private Sha256State _state;
    private Block _buffer;
    private ulong _length;

    /// <summary>A stream whose state after whole blocks is known: where a tagged hash starts.</summary>
    internal Sha256Stream(Sha256State midstate, ulong bytesTaken)
    {
        _state = midstate;
        _length = bytesTaken;
    }

    /// <summary>Bytes taken in so far.</summary>
    public readonly ulong Length => _length;

    /// <summary>Takes in the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return;

        if (_length == 0)
            _state = Sha256State.Initial;

        var buffered = (int)(_length % Sha256Compression.BlockLength);
        _length += (ulong)data.Length;
        Span<byte> buffer = _buffer;
        if (buffered != 0)
        {
            var taken = Math.Min(data.Length, Sha256Compression.BlockLength - buffered);
            data[..taken].CopyTo(buffer[buffered..]);
            if (buffered + taken < Sha256Compression.BlockLength)
                return;

            Sha256Compression.Compress(ref _state, buffer);
            data = data[taken..];
        }

        var whole = data.Length - (data.Length % Sha256Compression.BlockLength);
        if (whole != 0)
            Sha256Compression.Compress(ref _state, data[..whole]);
        data[whole..].CopyTo(buffer);
    }

    /// <summary>Takes in one byte.</summary>
    public void Append(byte value) => Append(new ReadOnlySpan<byte>(in value));

    /// <summary>Writes the hash into the first 32 bytes and starts over with an empty message.</summary>
    public void Finish(Span<byte> hash32)
    {
        Lengths.RequireRoom(hash32, 32, nameof(hash32));
        if (_length == 0)
            _state = Sha256State.Initial;

        Sha256Final.Write(ref _state, ((ReadOnlySpan<byte>)_buffer)[..(int)(_length % Sha256Compression.BlockLength)], _length, hash32);
        CryptographicOperations.ZeroMemory(_buffer);
        _length = 0;
    }

    /// <summary>Writes SHA-256 of the hash into the first 32 bytes, as Bitcoin's ids want it, and starts over with an empty message.</summary>
    public void FinishDouble(Span<byte> hash32)
    {
        Finish(hash32);
        Hashes.Sha256(hash32[..32], hash32);
    }

    [InlineArray(Sha256Compression.BlockLength)]
    [SuppressMessage("Style", "IDE0044", Justification = "An inline array is written through its address.")]
    private struct Block
    {
        private byte _element;
    }
}
