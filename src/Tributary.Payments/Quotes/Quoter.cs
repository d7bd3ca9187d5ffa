using Tributary.Payments.Errors;
using Tributary.Payments.Money;
using Tributary.Primitives.Results;

namespace Tributary.Payments.Quotes;

/// <summary>Makes quotes from a price source, the merchant's spread and the time that a rate is held.</summary>
public sealed class Quoter(IPriceSource source, TimeProvider time)
{
    /// <summary>The longest that a rate may be held.</summary>
    public static readonly TimeSpan HoldMax = TimeSpan.FromHours(24);

    /// <summary>Prices an amount. Bitcoin amounts are exact and need no source.</summary>
    /// <param name="amount">More than zero.</param>
    /// <param name="spreadBasisPoints">0 to 5,000: how much more bitcoin the payer is asked for than the source's price says.</param>
    /// <param name="hold">How long the rate holds.</param>
    public Result<Quote, PaymentError> TryQuote(CurrencyAmount amount, int spreadBasisPoints, TimeSpan hold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(amount.MinorUnits, 1, nameof(amount));
        return Quote(amount, spreadBasisPoints, hold);
    }

    /// <summary>Holds a rate for an amount that nobody knows yet: a quote of nothing for nothing, with the price by which what comes is counted.</summary>
    /// <param name="currency">What it is counted in.</param>
    /// <param name="spreadBasisPoints">As for <see cref="TryQuote"/>.</param>
    /// <param name="hold">How long the rate holds.</param>
    public Result<Quote, PaymentError> TryRate(Currency currency, int spreadBasisPoints, TimeSpan hold) => Quote(new CurrencyAmount(0, currency), spreadBasisPoints, hold);

    private Result<Quote, PaymentError> Quote(CurrencyAmount amount, int spreadBasisPoints, TimeSpan hold)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spreadBasisPoints);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(spreadBasisPoints, 5000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hold, HoldMax);
        var now = time.GetUtcNow();
        if (amount.Currency.IsBitcoin)
            return new Quote(amount, amount.ToMilliSatoshis(), BitcoinPrice.One, "exact", 0, now, now + hold);

        if (PriceNow(amount.Currency, spreadBasisPoints) is not { } price)
        {
            return PaymentError.Unavailable(
                "rate_unavailable",
                "currency",
                $"There is no current price of bitcoin in {amount.Currency.Code.ToUpperInvariant()}: configure a rate source for it, or ask in another currency.");
        }

        return new Quote(amount, price.ToBitcoin(amount), price, source.Name, spreadBasisPoints, now, now + hold);
    }

    /// <summary>The price of now, spread included; null where the source knows none.</summary>
    public BitcoinPrice? PriceNow(Currency currency, int spreadBasisPoints)
    {
        if (currency.IsBitcoin)
            return BitcoinPrice.One;

        // A lower price of bitcoin asks for more of it.
        return source.Find(currency) is { } observed
            ? observed.Price with { MilliMinorUnits = (long)((UInt128)observed.Price.MilliMinorUnits * 10_000 / (UInt128)(10_000 + spreadBasisPoints)) }
            : null;
    }
}
