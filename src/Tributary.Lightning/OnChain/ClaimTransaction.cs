using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>A transaction to broadcast. Our own inputs are signed; those that spend coins of the wallet are the wallet's to sign.</summary>
/// <param name="Transaction">Without witnesses for the wallet's coins, which do not change its id.</param>
/// <param name="Coins">Coins of the wallet that it spends.</param>
/// <param name="Fee">What it pays.</param>
/// <param name="Weight">With all witnesses.</param>
public sealed record ClaimTransaction(Transaction Transaction, IReadOnlyList<FeeCoin> Coins, Satoshis Fee, long Weight)
{
    /// <summary>Satoshis per 1,000 weight units, rounded down.</summary>
    public FeeratePerKw Feerate => new(Math.Min(Fee.Value * 1000 / Weight, int.MaxValue / 4));
}
