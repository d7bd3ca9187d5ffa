using Tributary.Payments.Money;

namespace Tributary.Payments.Quotes;

/// <summary>Prices that an operator sets by hand: the default of a fresh installation and of tests. They do not age.</summary>
public sealed class FixedPriceSource(IEnumerable<BitcoinPrice> prices, TimeProvider time) : IPriceSource
{
    private readonly Dictionary<Currency, BitcoinPrice> _prices = prices.ToDictionary(static price => price.Currency);

    public string Name => "fixed";

    public ObservedPrice? Find(Currency currency) => _prices.TryGetValue(currency, out var price) ? new ObservedPrice(price, time.GetUtcNow()) : null;
}
