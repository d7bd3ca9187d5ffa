namespace Tributary.Rollup.Tests;

/// <summary>A seeded stream for tests (SplitMix64).</summary>
internal sealed class TestRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    public int Next(int limit) => (int)(NextUInt64() % (ulong)limit);

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        foreach (ref var value in bytes.AsSpan())
            value = (byte)NextUInt64();
        return bytes;
    }
}
