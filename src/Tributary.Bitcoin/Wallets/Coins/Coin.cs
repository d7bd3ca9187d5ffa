using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Coins;

/// <summary>An output that a transaction may spend.</summary>
/// <param name="OutPoint">Which.</param>
/// <param name="Output">Amount and script.</param>
/// <param name="InputWeight">Weight units that spending it takes, signatures included.</param>
/// <param name="AncestorFee">What a transaction spending it must add so that unconfirmed ancestors reach its feerate; zero for a confirmed coin.</param>
public sealed record Coin(OutPoint OutPoint, TxOut Output, int InputWeight, Satoshis AncestorFee)
{
    public Satoshis Value => Output.Value;
}
