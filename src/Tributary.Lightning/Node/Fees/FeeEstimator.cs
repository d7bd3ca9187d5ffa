using Tributary.Bitcoin.Chain;
using Tributary.Lightning.OnChain;
using Tributary.Primitives.Amounts;

namespace Tributary.Lightning.Node.Fees;

/// <summary>
/// Turns the chain source's estimates into bounded ones that do not jump: each answer is the median of the last few, so that one bad estimate
/// neither closes a channel nor pays a fortune. Readers see one consistent set; one caller refreshes it.
/// </summary>
public sealed class FeeEstimator(IChainSource chain, FeerateLimits limits)
{
    private const int SamplesMax = 5;

    private readonly Queue<FeeEstimates> _samples = new();
    private FeeEstimates _current = new(limits.Fallback, limits.Fallback, limits.Fallback, FeePolicyFloor);

    /// <summary>BOLT 2's floor: below it nothing is relayed.</summary>
    private static FeeratePerKw FeePolicyFloor => new(253);

    /// <summary>What a transaction has to pay now.</summary>
    public FeeEstimates Current => Volatile.Read(ref _current);

    /// <summary>True when the source has given estimates of its own at least once.</summary>
    public bool HasData { get; private set; }

    /// <summary>Asks the source. Where it has no data the limits' fallback stands in; where it does not answer the last estimates stay.</summary>
    /// <returns>True when the estimates changed.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        if (!(await chain.GetMempoolMinimumAsync(cancellationToken)).TryGet(out var minimum))
            return false;
        var next = await EstimateAsync(2, cancellationToken);
        var normal = await EstimateAsync(6, cancellationToken);
        var economy = await EstimateAsync(144, cancellationToken);
        if (next is null || normal is null || economy is null)
            return false;
        return Add(new FeeEstimates(next.Value, normal.Value, economy.Value, Max(minimum.ToPerKw(), FeePolicyFloor)));
    }

    /// <summary>Takes in one sample.</summary>
    internal bool Add(FeeEstimates sample)
    {
        _samples.Enqueue(sample);
        while (_samples.Count > SamplesMax)
            _samples.Dequeue();

        // What the mempool takes now is a fact, not an estimate.
        var floor = sample.MempoolMinimum;
        FeeratePerKw Median(Func<FeeEstimates, FeeratePerKw> of)
        {
            var sorted = _samples.Select(of).Order().ToArray();
            return Max(Clamp(sorted[sorted.Length / 2]), floor);
        }

        var economy = Median(static one => one.Economy);
        var normal = Max(Median(static one => one.Normal), economy);
        var estimates = new FeeEstimates(Max(Median(static one => one.NextBlock), normal), normal, economy, floor);
        var changed = estimates != Current;
        Volatile.Write(ref _current, estimates);
        return changed;
    }

    private async Task<FeeratePerKw?> EstimateAsync(int targetBlocks, CancellationToken cancellationToken)
    {
        var estimate = await chain.EstimateFeeAsync(targetBlocks, cancellationToken);
        if (estimate.TryGet(out var feerate, out var error))
        {
            HasData = true;
            return feerate.ToPerKw();
        }

        return error.Kind == ChainErrorKind.NotAvailable ? limits.Fallback : null;
    }

    private FeeratePerKw Clamp(FeeratePerKw feerate) => feerate < limits.Lowest ? limits.Lowest : feerate > limits.Highest ? limits.Highest : feerate;

    private static FeeratePerKw Max(FeeratePerKw left, FeeratePerKw right) => left > right ? left : right;
}
