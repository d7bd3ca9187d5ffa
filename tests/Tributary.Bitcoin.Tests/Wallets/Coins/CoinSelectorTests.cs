using FsCheck;
using FsCheck.Fluent;
using Tributary.Bitcoin.Scripts;
using Tributary.Bitcoin.Transactions;
using Tributary.Bitcoin.Wallets.Coins;
using Tributary.Crypto;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Bytes;

namespace Tributary.Bitcoin.Tests.Wallets.Coins;

public sealed class CoinSelectorTests
{
    private const int InputWeight = 271;

    private static readonly FeeratePerKvB s_rate = new(10_000);

    [Fact]
    public void A_selection_pays_for_itself_and_says_rightly_whether_there_is_change() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ushort[] values, uint target, byte rate) =>
        {
            var coins = Coins([.. values.Select(static value => (long)value * 10)]);
            var parameters = Parameters(target % 2_000_000, new FeeratePerKvB(rate * 200L));
            var available = coins.Sum(coin => Math.Max(0, CoinSelector.EffectiveValue(coin, parameters.Feerate).Value));
            if (!CoinSelector.Select(coins, parameters, new SeededEntropy(rate)).TryGet(out var selection, out var refusal))
                return available < parameters.Target.Value && string.Equals(refusal.Field, "amount", StringComparison.Ordinal);

            var excess = selection.Coins.Sum(coin => CoinSelector.EffectiveValue(coin, parameters.Feerate).Value) - parameters.Target.Value;
            var isDistinct = selection.Coins.Select(static coin => coin.OutPoint).Distinct().Count() == selection.Coins.Count;
            var changeFits = !selection.HasChange || excess >= parameters.ChangeFee.Value + parameters.ChangeMin.Value;
            return excess >= 0 && isDistinct && changeFits && (selection.Coins.Count > 0 || parameters.Target.Value == 0);
        }));

    [Fact]
    public void Branch_and_bound_finds_the_least_waste_without_change() =>
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] small, ushort target, bool isDear) =>
        {
            var rate = new FeeratePerKvB(isDear ? 30_000 : 2_000);
            var coins = Coins([.. small.Take(12).Select(static value => 20_000L + (value * 97))]);
            var parameters = Parameters(20_000 + target, rate);
            var best = Exhaustive(coins, parameters);
            var found = CoinSelector.Select(coins, parameters, new SeededEntropy(1));
            return best is null || (found.IsOk && found.Value.Waste.Value <= best.Value);
        }));

    [Fact]
    public void An_exact_match_makes_no_change()
    {
        var fee = WeightFee.Of(s_rate, InputWeight).Value;
        var coins = Coins([5000 + fee, 7000 + fee, 11_000 + fee, 500_000]);
        var selection = CoinSelector.Select(coins, Parameters(16_000, s_rate), new SeededEntropy(3)).Value;
        Assert.Equal(CoinSelectionAlgorithm.BranchAndBound, selection.Algorithm);
        Assert.False(selection.HasChange);
        Assert.Equal([5000 + fee, 11_000 + fee], selection.Coins.Select(static coin => coin.Value.Value).Order());
    }

    [Fact]
    public void Coins_that_cost_more_than_they_are_worth_are_left() =>
        Assert.Equal("amount", CoinSelector.Select(Coins([.. Enumerable.Repeat(600L, 100)]), Parameters(1000, s_rate), new SeededEntropy(1)).Error.Field);

    [Fact]
    public void A_refusal_says_how_much_is_missing()
    {
        var fee = WeightFee.Of(s_rate, InputWeight).Value;
        var refusal = CoinSelector.Select(Coins([10_000 + fee]), Parameters(15_000, s_rate), new SeededEntropy(1)).Error;
        Assert.Equal("amount: needs 5000 sat more than there is to spend after fees", refusal.ToString());
    }

    [Fact]
    public void More_coins_than_fit_are_refused_in_words()
    {
        var parameters = Parameters(1_000_000, new FeeratePerKvB(1000)) with { InputWeightMax = InputWeight * 50 };
        var refusal = CoinSelector.Select(Coins([.. Enumerable.Repeat(11_000L, 100)]), parameters, new SeededEntropy(1)).Error;
        Assert.Contains("more coins than one transaction may spend", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Unconfirmed_ancestors_are_paid_for()
    {
        var coin = Coins([50_000])[0];
        var burdened = coin with { AncestorFee = new Satoshis(4000) };
        Assert.Equal(CoinSelector.EffectiveValue(coin, s_rate).Value - 4000, CoinSelector.EffectiveValue(burdened, s_rate).Value);
    }

    [Fact]
    public void The_same_entropy_chooses_the_same_coins()
    {
        var coins = Coins([.. Enumerable.Range(1, 200).Select(static i => i * 1711L % 90_000)]);
        var parameters = Parameters(777_777, s_rate);
        var first = CoinSelector.Select(coins, parameters, new SeededEntropy(9)).Value;
        var second = CoinSelector.Select([.. coins.Reverse<Coin>()], parameters, new SeededEntropy(9)).Value;
        Assert.Equal(first.Coins.Select(static coin => coin.OutPoint), second.Coins.Select(static coin => coin.OutPoint));
    }

    [Fact]
    public void Random_numbers_are_spread_evenly()
    {
        var random = new RandomNumbers(new SeededEntropy(5));
        var counts = new int[7];
        for (var i = 0; i < 7000; i++)
            counts[random.Below(7)]++;
        Assert.All(counts, static count => Assert.InRange(count, 850, 1150));
        var heads = Enumerable.Range(0, 1000).Count(_ => random.Flip());
        Assert.InRange(heads, 420, 580);
    }

    /// <summary>The least waste of any set without change, tried one by one.</summary>
    private static long? Exhaustive(Coin[] coins, CoinSelectionParameters parameters)
    {
        long? best = null;
        for (var set = 1; set < 1 << coins.Length; set++)
        {
            var chosen = Enumerable.Range(0, coins.Length).Where(i => (set & (1 << i)) != 0).Select(i => coins[i]).ToArray();
            var excess = chosen.Sum(coin => CoinSelector.EffectiveValue(coin, parameters.Feerate).Value) - parameters.Target.Value;
            if (excess < 0 || excess > parameters.CostOfChange.Value)
                continue;
            var waste = excess + chosen.Sum(coin => WeightFee.Of(parameters.Feerate, coin.InputWeight).Value - WeightFee.Of(parameters.LongTermFeerate, coin.InputWeight).Value);
            best = best is null || waste < best ? waste : best;
        }

        return best;
    }

    private static CoinSelectionParameters Parameters(long target, FeeratePerKvB rate) =>
        new(new Satoshis(target), rate, new FeeratePerKvB(10_000), ChangeOutputWeight: 124, ChangeSpendWeight: 272, ChangeMin: new Satoshis(294), ChangeGoal: new Satoshis(50_000), InputWeightMax: 390_000);

    private static Coin[] Coins(IReadOnlyList<long> values)
    {
        var script = StandardScripts.P2wpkh(new byte[20]);
        return [.. values.Select((value, i) =>
        {
            var id = new byte[32];
            BitConverter.TryWriteBytes(id, i + 1);
            return new Coin(new OutPoint(new TxId(new Bytes32(id)), 0), new TxOut(new Satoshis(value), script), InputWeight, Satoshis.Zero);
        })];
    }
}
