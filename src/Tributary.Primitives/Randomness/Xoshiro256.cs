using System.Buffers.Binary;
using System.Numerics;
using Tributary.Primitives.Contracts;

namespace Tributary.Primitives.Randomness;

/// <summary>
/// A reproducible stream from a 64-bit seed (xoshiro256** of Blackman and Vigna, its state filled by SplitMix64): for simulations, bootstraps
/// and tests, never for keys or nonces. One owner at a time.
/// </summary>
public sealed class Xoshiro256 : IEntropy
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <param name="seed">Equal seeds give equal streams on every machine.</param>
    public Xoshiro256(ulong seed)
    {
        var fill = new SplitMix64(seed);
        (_s0, _s1, _s2, _s3) = (fill.Next(), fill.Next(), fill.Next(), fill.Next());
    }

    /// <summary>The next 64 bits of the stream.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, NextUInt64());
            destination = destination[sizeof(ulong)..];
        }

        if (destination.IsEmpty)
            return;
        Span<byte> rest = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(rest, NextUInt64());
        rest[..destination.Length].CopyTo(destination);
    }
}
