namespace Tributary.Finance.Tests;

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

    public bool OneIn(int count) => Next(count) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>An amount of any size up to a limit: small ones, nearly all, all, and sometimes one too many.</summary>
    public UInt128 UpTo(UInt128 limit)
    {
        var draw = new UInt128(NextUInt64(), NextUInt64());
        return Next(10) switch
        {
            0 => limit,
            1 => limit == UInt128.MaxValue ? limit : limit + 1,
            2 or 3 => draw % 16,
            4 => UInt128.Min(limit, draw >> Next(128)),
            _ => limit == UInt128.Zero ? draw % 4 : draw % (limit / (uint)(2 + Next(20)) + 1),
        };
    }
}
