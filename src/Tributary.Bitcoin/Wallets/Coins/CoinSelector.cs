using Tributary.Primitives.Amounts;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Bitcoin.Wallets.Coins;

/// <summary>
/// Chooses coins by effective value (what a coin adds after paying for its own input): branch and bound for a set without change,
/// knapsack and single random draw for sets with change, and of what they find the one that wastes least, as Bitcoin Core does.
/// Deterministic for the same entropy.
/// </summary>
public static class CoinSelector
{
    /// <summary>Steps of the branch and bound search.</summary>
    private const int BranchStepsMax = 100_000;

    private const int KnapsackTrials = 1000;

    /// <summary>Chooses coins; the refusal says what is missing.</summary>
    public static Result<CoinSelection, Refusal> Select(IReadOnlyList<Coin> coins, CoinSelectionParameters parameters, IEntropy entropy)
    {
        var candidates = coins
            .Select(coin => new Candidate(coin, EffectiveValue(coin, parameters.Feerate), WeightFee.Of(parameters.Feerate, coin.InputWeight) - WeightFee.Of(parameters.LongTermFeerate, coin.InputWeight)))
            .Where(static candidate => candidate.Effective.Value > 0)
            .OrderByDescending(static candidate => candidate.Effective.Value)
            .ThenBy(static candidate => candidate.Coin.OutPoint)
            .ToArray();
        var available = candidates.Sum(static candidate => candidate.Effective.Value);
        if (available < parameters.Target.Value)
            return new Refusal("amount", $"needs {parameters.Target.Value - available} sat more than there is to spend after fees");

        var random = new RandomNumbers(entropy);
        CoinSelection? best = null;
        foreach (var found in new[]
        {
            BranchAndBound(candidates, parameters),
            Knapsack(candidates, parameters, parameters.ChangeGoal, random),
            Knapsack(candidates, parameters, parameters.ChangeMin, random),
            SingleRandomDraw(candidates, parameters, random),
        })
        {
            if (found is not null && (best is null || found.Waste < best.Waste || (found.Waste == best.Waste && found.Coins.Count > best.Coins.Count)))
                best = found;
        }

        return best is not null
            ? best
            : new Refusal("amount", "takes more coins than one transaction may spend: send less, or first join coins");
    }

    /// <summary>The selection that the user made.</summary>
    public static Result<CoinSelection, Refusal> Given(IReadOnlyList<Coin> coins, CoinSelectionParameters parameters)
    {
        var effective = coins.Sum(coin => EffectiveValue(coin, parameters.Feerate).Value);
        if (effective < parameters.Target.Value)
            return new Refusal("inputs", $"hold {parameters.Target.Value - effective} sat less than outputs and fee take");
        return coins.Sum(static coin => (long)coin.InputWeight) <= parameters.InputWeightMax
            ? Finish(coins, CoinSelectionAlgorithm.Given, parameters)
            : new Refusal("inputs", "are more than one transaction may spend");
    }

    /// <summary>What a coin adds after paying for its own input and its unconfirmed ancestors.</summary>
    public static Satoshis EffectiveValue(Coin coin, FeeratePerKvB feerate) => coin.Value - WeightFee.Of(feerate, coin.InputWeight) - coin.AncestorFee;

    private static CoinSelection Finish(IReadOnlyList<Coin> coins, CoinSelectionAlgorithm algorithm, CoinSelectionParameters parameters)
    {
        var excess = coins.Sum(coin => EffectiveValue(coin, parameters.Feerate).Value) - parameters.Target.Value;
        var hasChange = algorithm != CoinSelectionAlgorithm.BranchAndBound && excess >= parameters.ChangeFee.Value + parameters.ChangeMin.Value;
        var inputWaste = coins.Sum(coin => WeightFee.Of(parameters.Feerate, coin.InputWeight).Value - WeightFee.Of(parameters.LongTermFeerate, coin.InputWeight).Value);
        return new CoinSelection(coins, algorithm, hasChange, new Satoshis(inputWaste + (hasChange ? parameters.CostOfChange.Value : excess)));
    }

    /// <summary>
    /// Searches include/exclude branches, largest first, for a sum between the target and the target plus the cost of change, wasting
    /// least. A branch ends when what is left cannot reach the target, the sum is past the window, or it already wastes more than the
    /// best found while more inputs only add waste.
    /// </summary>
    private static CoinSelection? BranchAndBound(Candidate[] candidates, CoinSelectionParameters parameters)
    {
        var (target, window) = (parameters.Target.Value, parameters.CostOfChange.Value);
        var inputsAreDear = parameters.Feerate > parameters.LongTermFeerate;
        var chosen = new Stack<int>();
        int[]? best = null;
        var bestWaste = long.MaxValue;
        var (sum, waste, weight) = (0L, 0L, 0L);
        var left = candidates.Sum(static candidate => candidate.Effective.Value);
        var next = 0;
        for (var step = 0; step < BranchStepsMax; step++)
        {
            var mustTurn = sum + left < target
                || sum > target + window
                || weight > parameters.InputWeightMax
                || (inputsAreDear && waste > bestWaste);
            if (!mustTurn && sum >= target)
            {
                mustTurn = true;
                if (waste + sum - target <= bestWaste)
                    (best, bestWaste) = ([.. chosen], waste + sum - target);
            }

            if (mustTurn)
            {
                // Back to the last coin that was taken, and on without it.
                if (!chosen.TryPop(out var last))
                    break;
                for (var i = next - 1; i > last; i--)
                    left += candidates[i].Effective.Value;
                sum -= candidates[last].Effective.Value;
                waste -= candidates[last].Waste.Value;
                weight -= candidates[last].Coin.InputWeight;
                next = last + 1;
                continue;
            }

            if (next == candidates.Length)
                break;
            var candidate = candidates[next];
            left -= candidate.Effective.Value;

            // A coin like the one just left out would repeat that branch.
            var repeats = next > 0
                && (chosen.Count == 0 || chosen.Peek() != next - 1)
                && candidates[next - 1].Effective == candidate.Effective
                && candidates[next - 1].Waste == candidate.Waste;
            if (!repeats)
            {
                chosen.Push(next);
                sum += candidate.Effective.Value;
                waste += candidate.Waste.Value;
                weight += candidate.Coin.InputWeight;
            }

            next++;
        }

        return best is null ? null : Finish([.. best.Select(index => candidates[index].Coin)], CoinSelectionAlgorithm.BranchAndBound, parameters);
    }

    /// <summary>Random trials over the coins below the target plus change; the least coin above it where that comes closer.</summary>
    private static CoinSelection? Knapsack(Candidate[] candidates, CoinSelectionParameters parameters, Satoshis change, RandomNumbers random)
    {
        var goal = parameters.Target.Value + parameters.ChangeFee.Value + change.Value;
        var small = candidates.Where(candidate => candidate.Effective.Value < goal).ToArray();
        var least = candidates.LastOrDefault(candidate => candidate.Effective.Value >= goal);
        var total = small.Sum(static candidate => candidate.Effective.Value);
        bool[]? best = null;
        var bestSum = long.MaxValue;
        if (total >= goal)
        {
            best = [.. Enumerable.Repeat(element: true, small.Length)];
            bestSum = total;
            Span<bool> taken = new bool[small.Length];
            for (var trial = 0; trial < KnapsackTrials && bestSum != goal; trial++)
                Try(small, goal, taken, random, ref best, ref bestSum);
        }

        if (least is not null && (best is null || least.Effective.Value <= bestSum))
            return FitsOrNull([least.Coin], CoinSelectionAlgorithm.Knapsack, parameters);
        return best is null ? null : FitsOrNull([.. small.Where((_, i) => best[i]).Select(static candidate => candidate.Coin)], CoinSelectionAlgorithm.Knapsack, parameters);
    }

    private static void Try(Candidate[] small, long goal, Span<bool> taken, RandomNumbers random, ref bool[] best, ref long bestSum)
    {
        taken.Clear();
        var sum = 0L;

        // A first pass takes each coin or not by chance, a second takes what is still missing.
        for (var pass = 0; pass < 2 && sum < goal; pass++)
        {
            for (var i = 0; i < small.Length; i++)
            {
                if (taken[i] || (pass == 0 && !random.Flip()))
                    continue;
                sum += small[i].Effective.Value;
                taken[i] = true;
                if (sum < goal)
                    continue;
                if (sum < bestSum)
                    (best, bestSum) = (taken.ToArray(), sum);
                sum -= small[i].Effective.Value;
                taken[i] = false;
            }
        }
    }

    private static CoinSelection? SingleRandomDraw(Candidate[] candidates, CoinSelectionParameters parameters, RandomNumbers random)
    {
        var goal = parameters.Target.Value + parameters.ChangeFee.Value + parameters.ChangeGoal.Value;
        var order = candidates.ToArray();
        random.Shuffle(order.AsSpan());
        var sum = 0L;
        var chosen = new List<Coin>();
        foreach (var candidate in order)
        {
            chosen.Add(candidate.Coin);
            sum += candidate.Effective.Value;
            if (sum >= goal)
                return FitsOrNull(chosen, CoinSelectionAlgorithm.SingleRandomDraw, parameters);
        }

        // All coins together may suffice without change.
        return sum >= parameters.Target.Value ? FitsOrNull(chosen, CoinSelectionAlgorithm.SingleRandomDraw, parameters) : null;
    }

    private static CoinSelection? FitsOrNull(IReadOnlyList<Coin> coins, CoinSelectionAlgorithm algorithm, CoinSelectionParameters parameters) =>
        coins.Sum(static coin => (long)coin.InputWeight) <= parameters.InputWeightMax ? Finish(coins, algorithm, parameters) : null;

    private sealed record Candidate(Coin Coin, Satoshis Effective, Satoshis Waste);
}
