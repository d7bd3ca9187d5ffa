namespace Tributary.Lightning.Gossip;

/// <summary>Counts by key, forgotten each day: who has little to say costs nothing for long.</summary>
internal sealed class DailyQuota<TKey>(int perDay)
    where TKey : struct
{
    private const uint SecondsADay = 86_400;

    private readonly Dictionary<TKey, int> _counts = [];
    private uint _day;

    internal bool TryTake(TKey key, uint nowSeconds)
    {
        if (nowSeconds / SecondsADay != _day)
        {
            _day = nowSeconds / SecondsADay;
            _counts.Clear();
        }

        var count = _counts.GetValueOrDefault(key);
        if (count >= perDay)
            return false;
        _counts[key] = count + 1;
        return true;
    }
}
