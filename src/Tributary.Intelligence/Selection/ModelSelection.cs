using System.Collections.Immutable;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Selection;

/// <summary>
/// Chooses a model by repeated stratified cross-validation. All candidates see the same folds, so that they are compared fold by fold; of those that are as good
/// as the best, the simplest family wins.
/// </summary>
public static class ModelSelection
{
    /// <summary>Weights of a blend are multiples of one over this.</summary>
    private const int BlendSteps = 4;

    private const int ParallelRows = 16_384;

    /// <summary>Compares candidates and trains the one chosen on all rows.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="y">A label per row: 0 or 1; each class has as many rows as there are folds, or more.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after each candidate and repetition.</param>
    /// <param name="cancellationToken">Ends the selection.</param>
    public static SelectionResult Select(
        FeatureMatrix x, float[] y, SelectionOptions options, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        TrainingRows.Check(x, y, default, isBinary: true);
        var positives = y.Count(label => label == 1);
        if (Math.Min(positives, y.Length - positives) < options.Folds)
            throw new ArgumentException($"{options.Folds} folds need as many rows of each class.", nameof(y));

        var candidates = options.Candidates.IsDefaultOrEmpty ? SelectionOptions.DefaultCandidates() : options.Candidates;
        var repetitions = options.Repetitions > 0 ? options.Repetitions : y.Length < 3000 ? 4 : y.Length < 10_000 ? 2 : 1;
        var folds = Enumerable.Range(0, repetitions).Select(repetition => new StratifiedFolds(y, options.Folds, options.Seed + repetition)).ToArray();
        var fits = new OutOfFoldScores[candidates.Length][];
        for (var i = 0; i < candidates.Length; i++)
            fits[i] = new OutOfFoldScores[repetitions];
        using (var rows = new CrossFitRows(x, y))
        {
            // Few rows leave a training's own threads idle: then candidates are shared out to threads instead.
            var done = 0;
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = y.Length < ParallelRows ? Environment.ProcessorCount : 1, CancellationToken = cancellationToken };
            Parallel.For(0, candidates.Length * repetitions, parallel, task =>
            {
                var (repetition, i) = Math.DivRem(task, candidates.Length);
                fits[i][repetition] = candidates[i].CrossFit(rows, folds[repetition], options.Metric, cancellationToken);
                progress?.Report(new TrainingProgress(Interlocked.Increment(ref done), candidates.Length * repetitions, double.NaN));
            });
        }

        var entries = new List<Entry>();
        for (var i = 0; i < candidates.Length; i++)
        {
            var weights = new double[candidates.Length];
            weights[i] = 1;
            entries.Add(new Entry(candidates[i].Name, candidates[i].Family, weights, Metrics(fits, weights, folds, y, options.Metric)));
        }

        if (options.Blends)
            entries.AddRange(Blends(entries, fits, folds, y, options.Metric));
        entries.Sort((a, b) => b.Mean.CompareTo(a.Mean));
        var chosen = Choose(entries, options.Parsimony);
        var plainest = Choose([.. entries.Where(entry => entry.Family != ModelFamily.Blend)], Parsimony.OneStandardError);
        return new SelectionResult(
            [.. entries.Select(entry => ToResult(entry, candidates, fits))],
            ToResult(chosen, candidates, fits),
            ToResult(plainest, candidates, fits),
            Fit(chosen, candidates, fits, x, y, cancellationToken),
            Average(fits, chosen.Weights));
    }

    /// <summary>The best of the simplest family that is as good as the first entry.</summary>
    private static Entry Choose(List<Entry> sorted, Parsimony parsimony)
    {
        var best = sorted[0];
        return sorted.Where(IsAsGood).OrderBy(entry => entry.Family).ThenByDescending(entry => entry.Mean).First();

        bool IsAsGood(Entry entry) => entry == best || parsimony switch
        {
            Parsimony.Paired => best.Mean - entry.Mean <= CandidateResult.StandardErrorOf([.. best.FoldMetrics.Zip(entry.FoldMetrics, (a, b) => a - b)]),
            Parsimony.OneStandardError => best.Mean - entry.Mean <= CandidateResult.StandardErrorOf(best.FoldMetrics),
            _ => false,
        };
    }

    private static IEnumerable<Entry> Blends(List<Entry> singles, OutOfFoldScores[][] fits, StratifiedFolds[] folds, float[] y, SelectionMetric metric)
    {
        var members = singles.GroupBy(entry => entry.Family).Select(group => group.MaxBy(entry => entry.Mean)!).ToArray();
        var best = default(Entry);
        foreach (var shares in Compositions(BlendSteps, members.Length))
        {
            if (shares.Count(share => share > 0) < 2)
                continue;
            var weights = new double[fits.Length];
            for (var i = 0; i < members.Length; i++)
                weights[singles.IndexOf(members[i])] = (double)shares[i] / BlendSteps;
            var entry = new Entry("blend", ModelFamily.Blend, weights, Metrics(fits, weights, folds, y, metric));
            if (best is null || entry.Mean > best.Mean)
                best = entry;
        }

        return best is null ? [] : [best];
    }

    /// <summary>All ways to write a number as a sum of so many numbers.</summary>
    private static IEnumerable<int[]> Compositions(int total, int parts)
    {
        if (parts == 1)
            return [[total]];
        return Enumerable.Range(0, total + 1).SelectMany(first => Compositions(total - first, parts - 1).Select(rest => (int[])[first, .. rest]));
    }

    private static double[] Metrics(OutOfFoldScores[][] fits, double[] weights, StratifiedFolds[] folds, float[] y, SelectionMetric metric)
    {
        var metrics = new List<double>();
        for (var repetition = 0; repetition < folds.Length; repetition++)
        {
            var scores = Blend(fits, weights, repetition);
            for (var fold = 0; fold < folds[repetition].Count; fold++)
            {
                var test = folds[repetition].Test(fold);
                metrics.Add(metric.Compute(Array.ConvertAll(test, row => scores[row]), Array.ConvertAll(test, row => y[row])));
            }
        }

        return [.. metrics];
    }

    private static double[] Blend(OutOfFoldScores[][] fits, double[] weights, int repetition)
    {
        var single = Array.IndexOf(weights, 1.0);
        if (single >= 0)
            return fits[single][repetition].Probabilities;
        var raw = new double[fits[0][0].Probabilities.Length];
        for (var i = 0; i < fits.Length; i++)
        {
            if (weights[i] == 0)
                continue;
            var probabilities = fits[i][repetition].Probabilities;
            for (var row = 0; row < raw.Length; row++)
                raw[row] += weights[i] * Logistic.LogOdds(probabilities[row]);
        }

        return Array.ConvertAll(raw, Logistic.Probability);
    }

    private static double[] Average(OutOfFoldScores[][] fits, double[] weights)
    {
        var sums = new double[fits[0][0].Probabilities.Length];
        for (var repetition = 0; repetition < fits[0].Length; repetition++)
        {
            var scores = Blend(fits, weights, repetition);
            for (var row = 0; row < sums.Length; row++)
                sums[row] += scores[row] / fits[0].Length;
        }

        return sums;
    }

    private static IModel Fit(
        Entry chosen, ImmutableArray<ModelCandidate> candidates, OutOfFoldScores[][] fits, FeatureMatrix x, float[] y, CancellationToken cancellationToken)
    {
        var members = Enumerable.Range(0, candidates.Length).Where(i => chosen.Weights[i] > 0).ToArray();
        var models = members.Select(i => candidates[i].Fit(x, y, Rounds(fits[i]), cancellationToken)).ToArray();
        return models.Length == 1 ? models[0] : new BlendedModel([.. models], [.. members.Select(i => chosen.Weights[i])]);
    }

    private static int Rounds(OutOfFoldScores[] fits) => (int)Math.Round(fits.Average(fit => fit.Rounds));

    private static CandidateResult ToResult(Entry entry, ImmutableArray<ModelCandidate> candidates, OutOfFoldScores[][] fits)
    {
        var members = Enumerable.Range(0, candidates.Length).Where(i => entry.Weights[i] > 0).ToArray();
        var rounds = members.Max(i => Rounds(fits[i]));
        return new CandidateResult(
            entry.Name,
            entry.Family,
            [.. entry.FoldMetrics],
            rounds,
            members.Length == 1 ? [] : [.. members.Select(i => (candidates[i].Name, entry.Weights[i]))]);
    }

    /// <param name="Name">The candidate, or "blend".</param>
    /// <param name="Family">Its kind.</param>
    /// <param name="Weights">A weight per candidate.</param>
    /// <param name="FoldMetrics">The metric on each fold.</param>
    private sealed record Entry(string Name, ModelFamily Family, double[] Weights, double[] FoldMetrics)
    {
        public double Mean { get; } = FoldMetrics.Average();
    }
}
