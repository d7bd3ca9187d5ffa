using Tributary.Payments.Money;

namespace Tributary.Payments.Quotes;

/// <summary>
/// The median of several sources, without those that are stale or far from the others. Too few that agree means no price: a quote on a wrong
/// price gives money away.
/// </summary>
/// <param name="sources">At least one.</param>
/// <param name="time">Tells how old a price is.</param>
/// <param name="options">The guards.</param>
public sealed class MedianPriceSource(IReadOnlyList<IPriceSource> sources, TimeProvider time, MedianPriceOptions options) : IPriceSource
{
    public string Name => $"median of {sources.Count}";

    public ObservedPrice? Find(Currency currency)
    {
        var now = time.GetUtcNow();
        var fresh = sources
            .Select(source => source.Find(currency))
            .OfType<ObservedPrice>()
            .Where(price => now - price.At <= options.AgeMax && price.Price.MilliMinorUnits > 0)
            .OrderBy(static price => price.Price.MilliMinorUnits)
            .ToList();
        if (fresh.Count < options.SourcesMin)
            return null;

        var middle = Median(fresh);
        fresh.RemoveAll(price => !IsNear(price.Price.MilliMinorUnits, middle));
        return fresh.Count < options.SourcesMin
            ? null
            : new ObservedPrice(new BitcoinPrice(currency, Median(fresh)), fresh.Min(static price => price.At));
    }

    private static long Median(List<ObservedPrice> sorted)
    {
        var upper = sorted[sorted.Count / 2].Price.MilliMinorUnits;
        if (sorted.Count % 2 == 1)
            return upper;
        var lower = sorted[(sorted.Count / 2) - 1].Price.MilliMinorUnits;
        return lower + ((upper - lower) / 2);
    }

    private bool IsNear(long price, long middle) =>
        (UInt128)Math.Abs(price - middle) * 10_000 <= (UInt128)middle * (UInt128)options.DeviationBasisPointsMax;
}
