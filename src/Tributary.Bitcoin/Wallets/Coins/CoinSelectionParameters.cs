using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Coins;

/// <summary>What a selection is to pay for.</summary>
/// <param name="Target">What the outputs take, and the fee of everything but inputs and change.</param>
/// <param name="Feerate">What inputs and change pay.</param>
/// <param name="LongTermFeerate">What it is thought to cost to spend a coin some other day.</param>
/// <param name="ChangeOutputWeight">Weight of a change output.</param>
/// <param name="ChangeSpendWeight">Weight of the input that later spends the change.</param>
/// <param name="ChangeMin">The least change worth making: less goes to the fee.</param>
/// <param name="ChangeGoal">The change that selections with change aim at, so that change is worth spending and hard to tell from the payment.</param>
/// <param name="InputWeightMax">Weight that inputs may take together.</param>
public sealed record CoinSelectionParameters(
    Satoshis Target,
    FeeratePerKvB Feerate,
    FeeratePerKvB LongTermFeerate,
    int ChangeOutputWeight,
    int ChangeSpendWeight,
    Satoshis ChangeMin,
    Satoshis ChangeGoal,
    int InputWeightMax)
{
    /// <summary>What making change takes from it now.</summary>
    public Satoshis ChangeFee => WeightFee.Of(Feerate, ChangeOutputWeight);

    /// <summary>What making change costs now and when it is spent: a selection without change may waste as much.</summary>
    public Satoshis CostOfChange => ChangeFee + WeightFee.Of(LongTermFeerate, ChangeSpendWeight);
}
