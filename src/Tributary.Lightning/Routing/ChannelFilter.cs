namespace Tributary.Lightning.Routing;

/// <summary>
/// A set of channels that may say yes too often and never no too often: the search asks it of every edge, from the first cache level, and
/// only then a dictionary.
/// </summary>
internal sealed class ChannelFilter
{
    private const int BitCountLog2 = 15;

    private readonly ulong[] _bits = new ulong[1 << (BitCountLog2 - 6)];

    internal void Clear() => Array.Clear(_bits);

    internal void CopyFrom(ChannelFilter other) => other._bits.CopyTo(_bits, 0);

    internal void Add(ulong channel)
    {
        var hash = Hash(channel);
        _bits[hash >> 6] |= 1UL << (int)(hash & 63);
    }

    internal bool MayContain(ulong channel)
    {
        var hash = Hash(channel);
        return (_bits[hash >> 6] >> (int)(hash & 63) & 1) != 0;
    }

    private static uint Hash(ulong channel) => (uint)((channel * 0x9e37_79b9_7f4a_7c15) >> (64 - BitCountLog2));
}
