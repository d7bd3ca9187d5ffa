using System.Collections.Immutable;
using Tributary.Intelligence.Ranking.Beliefs;
using Tributary.Primitives.Contracts;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Ranking;

/// <summary>
/// Orders payment methods for a shopper by how likely a payment is to be completed with the method that is offered first.
/// Only the first place is judged for everyone; a method that a shopper picks from further down is evidence about that shopper.
/// Safe to call from many threads.
/// </summary>
/// <param name="settings">The constants.</param>
/// <param name="time">The clock.</param>
/// <param name="entropy">The draws; a seeded source replays the rankings.</param>
public sealed class MethodRanker(BanditSettings settings, TimeProvider time, IEntropy entropy)
{
    private readonly Lock _lock = new();
    private readonly ThompsonSampler _sampler = new(settings, entropy);

    /// <summary>Orders the methods. Refused: none or too many, a name twice or without text.</summary>
    /// <param name="segment">What shoppers of this kind have in common, such as country and device.</param>
    /// <param name="shopper">The shopper's pseudonym, or null for one who is not known.</param>
    /// <param name="methods">The methods that can be offered.</param>
    public Result<MethodRanking, Refusal> Rank(string segment, string? shopper, IReadOnlyList<string> methods)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (!_sampler.Resolve(segment, shopper, methods).TryGet(out var arms, out var refusal))
                return refusal;

            _sampler.Advance(now, choices: 1);
            var utilities = new ArmUtility[arms.Length];
            Array.Fill(utilities, new ArmUtility(Value: 1, Cost: 0));
            var drawn = new double[arms.Length];
            var probabilities = new double[arms.Length];
            var error = _sampler.Draw(segment, shopper, arms, utilities, drawn, probabilities);
            var order = methods.ToArray();
            Array.Sort(drawn, order, Comparer<double>.Create(static (left, right) => right.CompareTo(left)));
            return new MethodRanking(
                _sampler.Pending.Open(),
                now,
                segment,
                shopper,
                ImmutableArray.Create(order),
                [.. methods.Select((method, i) => new Propensity(method, probabilities[i]))],
                error);
        }
    }

    /// <summary>
    /// Learns what became of a ranking. False, and nothing learned, for one that was reported before or is too old.
    /// </summary>
    /// <param name="ranking">The ranking shown.</param>
    /// <param name="paidWith">The method that the payment was completed with; null when it was not completed.</param>
    public bool Report(MethodRanking ranking, string? paidWith) => Report(ranking, paidWith, time.GetUtcNow());

    /// <summary>Makes a ranking from the journal again, without drawing.</summary>
    public void RestoreRanking(MethodRanking ranking)
    {
        lock (_lock)
        {
            _sampler.Replay(ranking.At, ranking.Sequence, ranking.Segment, ranking.Shopper, ranking.FirstPropensities.Select(propensity => propensity.Option));
        }
    }

    /// <summary>Learns an outcome from the journal.</summary>
    public bool RestoreOutcome(MethodRanking ranking, string? paidWith, DateTimeOffset at) => Report(ranking, paidWith, at);

    private bool Report(MethodRanking ranking, string? paidWith, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_sampler.Pending.TryClose(ranking.Sequence))
                return false;
            _sampler.Advance(at, choices: 0);
            var first = ranking.Order[0];
            var firstPaid = string.Equals(first, paidWith, StringComparison.Ordinal);
            _sampler.Learn(first, ranking.Segment, ranking.Shopper, firstPaid);
            if (!firstPaid && paidWith is not null && ranking.Shopper is not null && ranking.Order.Contains(paidWith, StringComparer.Ordinal))
                _sampler.LearnTaste(paidWith, ranking.Shopper);
            return true;
        }
    }
}
