using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Coins;

/// <summary>Coins chosen for a transaction.</summary>
/// <param name="Coins">At least one.</param>
/// <param name="Algorithm">Which way of choosing found them.</param>
/// <param name="HasChange">Whether there is enough left over for a change output.</param>
/// <param name="Waste">
/// What the choice costs against spending the same coins at the long-term feerate, and the change or the excess (may be negative). Less is better.
/// </param>
public sealed record CoinSelection(IReadOnlyList<Coin> Coins, CoinSelectionAlgorithm Algorithm, bool HasChange, Satoshis Waste)
{
    /// <summary>What the coins hold.</summary>
    public Satoshis Total => Coins.Aggregate(Satoshis.Zero, static (sum, coin) => sum + coin.Value);
}
