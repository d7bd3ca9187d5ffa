using System.Collections.Immutable;

namespace Tributary.Intelligence.Models;

/// <summary>
/// The map that never falls and has the least squared error (pool adjacent violators: Ayer et al., 1955), straight between the scores that it
/// was fitted on and constant outside. It needs a thousand rows or more, and turns nearby scores into one.
/// </summary>
public sealed class IsotonicCalibration : ICalibration
{
    /// <param name="scores">Ascending scores, one or more, all finite.</param>
    /// <param name="probabilities">The probability at each, never falling.</param>
    public IsotonicCalibration(ImmutableArray<double> scores, ImmutableArray<double> probabilities)
    {
        if (FindFault(scores, probabilities) is { } fault)
            throw new ArgumentException(fault, nameof(scores));
        Scores = scores;
        Probabilities = probabilities;
    }

    /// <summary>Ascending scores.</summary>
    public ImmutableArray<double> Scores { get; }

    /// <summary>The probability at each.</summary>
    public ImmutableArray<double> Probabilities { get; }

    /// <summary>Fits the map to scores of rows that the model was not trained on.</summary>
    /// <param name="scores">Finite scores.</param>
    /// <param name="labels">1 positive, 0 negative.</param>
    /// <param name="weights">A weight per row, above zero; empty for 1 each.</param>
    public static IsotonicCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights = default)
    {
        if (scores.IsEmpty || scores.Length != labels.Length || (weights.Length != 0 && weights.Length != scores.Length))
            throw new ArgumentException("Scores, labels and weights must be as many, and one or more.", nameof(scores));

        var sorted = scores.ToArray();
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(sorted, order);
        var blocks = new Stack<Block>();
        for (var i = 0; i < order.Length;)
        {
            var block = new Block(sorted[i], sorted[i], 0, 0);
            for (; i < order.Length && sorted[i] == block.Last; i++)
            {
                var weight = weights.IsEmpty ? 1 : weights[order[i]];
                block = block with { Weight = block.Weight + weight, Positive = block.Positive + (weight * labels[order[i]]) };
            }

            while (blocks.TryPeek(out var before) && before.Rate >= block.Rate)
            {
                blocks.Pop();
                block = new Block(before.First, block.Last, before.Weight + block.Weight, before.Positive + block.Positive);
            }

            blocks.Push(block);
        }

        var (xs, ys) = (ImmutableArray.CreateBuilder<double>(), ImmutableArray.CreateBuilder<double>());
        foreach (var block in blocks.Reverse())
        {
            xs.Add(block.First);
            ys.Add(block.Rate);
            if (block.Last > block.First)
            {
                xs.Add(block.Last);
                ys.Add(block.Rate);
            }
        }

        return new IsotonicCalibration(xs.ToImmutable(), ys.ToImmutable());
    }

    public double Calibrate(double score)
    {
        var at = Scores.AsSpan().BinarySearch(score);
        if (at >= 0)
            return Probabilities[at];
        var above = ~at;
        if (above == 0)
            return Probabilities[0];
        if (above == Scores.Length)
            return Probabilities[^1];
        var share = (score - Scores[above - 1]) / (Scores[above] - Scores[above - 1]);
        return Probabilities[above - 1] + (share * (Probabilities[above] - Probabilities[above - 1]));
    }

    /// <summary>Why points do not form a map; null when they do.</summary>
    internal static string? FindFault(ImmutableArray<double> scores, ImmutableArray<double> probabilities)
    {
        if (scores.IsEmpty || scores.Length != probabilities.Length)
            return "Scores and probabilities must be as many, and one or more.";
        for (var i = 0; i < scores.Length; i++)
        {
            if (!double.IsFinite(scores[i]) || !(probabilities[i] is >= 0 and <= 1))
                return $"Point {i} is not finite, or its probability not in [0, 1].";
            if (i > 0 && (scores[i] <= scores[i - 1] || probabilities[i] < probabilities[i - 1]))
                return $"Point {i} does not follow the one before it.";
        }

        return null;
    }

    private readonly record struct Block(double First, double Last, double Weight, double Positive)
    {
        public double Rate => Positive / Weight;
    }
}
