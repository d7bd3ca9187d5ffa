using Tributary.Payments.Money;

namespace Tributary.Payments.Quotes;

/// <summary>
/// Says what a bitcoin costs, from memory: a source that has to ask somebody does so in the background, since nothing on the way of a payment
/// waits for a third party.
/// </summary>
public interface IPriceSource
{
    /// <summary>A name for the quote and the receipt.</summary>
    string Name { get; }

    /// <summary>The last price of a currency with the time it is from; null where the source knows none.</summary>
    ObservedPrice? Find(Currency currency);
}
