using Tributary.Payments.Money;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Quotes;

/// <summary>An amount's price in bitcoin, held until it expires: money first seen before that keeps this rate.</summary>
/// <param name="Amount">What the merchant asked for.</param>
/// <param name="Bitcoin">What the payer is asked for: whole satoshis, rounded up.</param>
/// <param name="Price">The price used, spread included.</param>
/// <param name="Source">Where the price came from ("median of 3", "file").</param>
/// <param name="SpreadBasisPoints">Hundredths of a percent that the merchant adds to what the source said.</param>
/// <param name="QuotedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it holds.</param>
public sealed record Quote(
    CurrencyAmount Amount, MilliSatoshis Bitcoin, BitcoinPrice Price, string Source, int SpreadBasisPoints, DateTimeOffset QuotedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Does money first seen at this time keep the rate?</summary>
    public bool HoldsAt(DateTimeOffset seenAt) => seenAt < ExpiresAt;
}
