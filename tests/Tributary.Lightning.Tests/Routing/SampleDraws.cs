namespace Tributary.Lightning.Tests.Routing;

/// <summary>Numbers from a seed: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).</summary>
internal sealed class SampleDraws(ulong seed)
{
    private ulong _state = seed;

    internal int Below(int limit) => (int)(Next() % (ulong)limit);

    internal ulong Next()
    {
        _state += 0x9e37_79b9_7f4a_7c15;
        var value = _state;
        value = (value ^ (value >> 30)) * 0xbf58_476d_1ce4_e5b9;
        value = (value ^ (value >> 27)) * 0x94d0_49bb_1331_11eb;
        return value ^ (value >> 31);
    }
}
