using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>A confirmed coin of the wallet that pays fees, leased for as long as it may be needed.</summary>
/// <param name="OutPoint">The coin.</param>
/// <param name="Output">What it holds.</param>
/// <param name="SatisfactionWeight">Weight units of its signature script (four for each byte beyond its length) and its witness, count included.</param>
public sealed record FeeCoin(OutPoint OutPoint, TxOut Output, int SatisfactionWeight)
{
    // Outpoint, sequence, and the length of an empty script.
    private const int BareInputWeight = 41 * Transaction.WitnessScaleFactor;

    /// <summary>Weight units that spending it adds to a transaction.</summary>
    public int InputWeight => BareInputWeight + SatisfactionWeight;

    /// <summary>What it brings after paying for itself.</summary>
    public Satoshis EffectiveValue(FeeratePerKw feerate) => Output.Value - feerate.FeeForWeight(InputWeight);
}
