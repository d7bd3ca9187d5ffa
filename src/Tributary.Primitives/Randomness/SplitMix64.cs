namespace Tributary.Primitives.Randomness;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): reproducible from its seed and never for keys or
/// nonces. A value: a copy goes on from where it was copied.
/// </summary>
public struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next() => Mix(_state += 0x9e3779b97f4a7c15);

    /// <summary>A number below a bound, by the high half of the product (Lemire 2019, without the rejection: the bias is below bound / 2⁶⁴).</summary>
    public ulong Next(ulong bound) => Math.BigMul(Next(), bound, out _);

    /// <summary>A number below a bound.</summary>
    public int Next(int bound) => (int)Next((ulong)bound);

    /// <summary>The finalizer: a bijection on 64 bits that spreads every bit over all.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
