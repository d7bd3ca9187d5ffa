using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Coins;

/// <summary>Fees of parts of a transaction, by weight: parts add up without each being rounded to a virtual byte.</summary>
internal static class WeightFee
{
    /// <summary>The share of the fee that a weight takes at a rate, rounded up.</summary>
    internal static Satoshis Of(FeeratePerKvB rate, long weight) => new(checked(((rate.Value * weight) + 3999) / 4000));

    /// <summary>The fee of a whole transaction: by virtual size, as nodes reckon it.</summary>
    internal static Satoshis OfTransaction(FeeratePerKvB rate, long weight) => rate.FeeFor((weight + 3) / 4);
}
