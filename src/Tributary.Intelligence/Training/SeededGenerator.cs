using System.Numerics;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Training;

/// <summary>
/// A generator of pseudo-random numbers that replays from its seed on every machine: xoshiro256++ (Blackman and Vigna, "Scrambled Linear
/// Pseudorandom Number Generators", 2021), its state filled by SplitMix64. For sampling, resampling and simulation; never for secrets.
/// A mutable struct: pass it by reference or keep it in one place.
/// </summary>
public struct SeededGenerator
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <param name="seed">The seed.</param>
    /// <param name="stream">Generators with one seed and different streams are independent: one for each tree, replicate or worker.</param>
    public SeededGenerator(ulong seed, ulong stream = 0)
    {
        var fill = new SplitMix64(seed ^ new SplitMix64(stream).Next());
        (_s0, _s1, _s2, _s3) = (fill.Next(), fill.Next(), fill.Next(), fill.Next());
    }

    /// <summary>SplitMix64's finaliser: a bijection of 64 bits that spreads every input bit over the output.</summary>
    public static ulong Mix(ulong value) => SplitMix64.Mix(value);

    /// <summary>Sixty-four random bits.</summary>
    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>An integer in [0, <paramref name="bound"/>), without bias (Lemire, "Fast Random Integer Generation in an Interval", 2019).</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        while (true)
        {
            var high = Math.BigMul(NextUInt64(), (ulong)bound, out var low);
            if (low >= (ulong)bound || low >= (0 - (ulong)bound) % (ulong)bound)
                return (int)high;
        }
    }

    /// <summary>A number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A draw from the standard normal distribution (Marsaglia's polar method).</summary>
    public double NextNormal()
    {
        while (true)
        {
            var u = (2 * NextDouble()) - 1;
            var v = (2 * NextDouble()) - 1;
            var s = (u * u) + (v * v);
            if (s is > 0 and < 1)
                return u * Math.Sqrt(-2 * Math.Log(s) / s);
        }
    }

    /// <summary>Puts the items in random order (Fisher–Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
