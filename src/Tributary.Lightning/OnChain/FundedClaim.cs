using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.OnChain;

/// <summary>A transaction whose fee comes from coins of the wallet: one input of ours, and what it must pay if anything.</summary>
/// <param name="Input">Our input, unsigned.</param>
/// <param name="InputValue">What it holds.</param>
/// <param name="Output">The output at the same place, or null.</param>
/// <param name="LockTime">The transaction's.</param>
/// <param name="Sign">Our input's witness for the whole transaction; with null, one of the same length to weigh.</param>
/// <param name="ParentWeight">Weight that the fee pays for besides its own.</param>
/// <param name="ParentFee">What that pays already.</param>
internal sealed record FundedClaim(
    TxIn Input, Satoshis InputValue, TxOut? Output, uint LockTime, Func<Transaction?, Witness> Sign, long ParentWeight, Satoshis ParentFee)
{
    private Satoshis Surplus => InputValue - (Output?.Value ?? Satoshis.Zero);

    /// <summary>Weight with all witnesses.</summary>
    internal long Weigh(IReadOnlyList<FeeCoin> coins, Script? changeScript)
    {
        var transaction = Assemble(coins, changeScript is { } script ? new TxOut(Satoshis.Zero, script) : null, Sign(null));
        return transaction.Weight + coins.Sum(static coin => coin.SatisfactionWeight - 1L);
    }

    /// <summary>The fee at which the transaction and its parent pay a feerate together, and it alone at least the floor.</summary>
    internal Satoshis FeeAt(FeeratePerKw feerate, long weight)
    {
        var fee = feerate.FeeForWeight(ParentWeight + weight) - ParentFee;
        var alone = FeePolicy.Floor.FeeForWeight(weight);
        return fee > alone ? fee : alone;
    }

    /// <summary>What coins must bring besides their own cost for a fee and change that may be sent.</summary>
    internal Satoshis Missing(Satoshis fee, IReadOnlyList<FeeCoin> coins, FeeratePerKw feerate, Satoshis changeMin)
    {
        var missing = fee + changeMin - Surplus;
        foreach (var coin in coins)
            missing -= coin.EffectiveValue(feerate);
        return missing;
    }

    /// <summary>Builds and signs our input; null when the coins do not pay at least the minimum.</summary>
    internal ClaimTransaction? Build(
        IReadOnlyList<FeeCoin> coins, Script changeScript, FeeratePerKw wanted, FeeratePerKw floor, Func<long, Satoshis> feeMin, Satoshis feeMax)
    {
        var available = coins.Aggregate(Surplus, static (sum, coin) => sum + coin.Output.Value);
        var changeMin = FeePolicy.DustLimit(new TxOut(Satoshis.Zero, changeScript));
        var weight = Weigh(coins, changeScript);
        var least = Max(FeeAt(floor, weight), feeMin(weight));
        if (least > feeMax)
            return null;
        var fee = Max(least, Min(feeMax, FeeAt(wanted, weight)));
        if (available - fee < changeMin && available - changeMin >= least)
            fee = available - changeMin;
        if (available - fee >= changeMin)
            return Finish(coins, new TxOut(available - fee, changeScript), fee, weight);

        // Nothing is left for change: all of it becomes fee, where there is another output.
        weight = Weigh(coins, null);
        return Output is not null && available <= feeMax && available >= Max(FeeAt(floor, weight), feeMin(weight))
            ? Finish(coins, null, available, weight)
            : null;
    }

    private ClaimTransaction Finish(IReadOnlyList<FeeCoin> coins, TxOut? change, Satoshis fee, long weight)
    {
        var unsigned = Assemble(coins, change, Witness.Empty);
        return new ClaimTransaction(Assemble(coins, change, Sign(unsigned)), coins, fee, weight);
    }

    private Transaction Assemble(IReadOnlyList<FeeCoin> coins, TxOut? change, Witness witness)
    {
        TxIn[] inputs = [Input with { Witness = witness }, .. coins.Select(static coin => new TxIn(coin.OutPoint))];
        var outputs = new List<TxOut>(2);
        if (Output is { } output)
            outputs.Add(output);
        if (change is { } rest)
            outputs.Add(rest);
        return Transaction.Create(2, inputs, outputs.ToArray(), LockTime);
    }

    private static Satoshis Max(Satoshis left, Satoshis right) => left > right ? left : right;

    private static Satoshis Min(Satoshis left, Satoshis right) => left < right ? left : right;
}
