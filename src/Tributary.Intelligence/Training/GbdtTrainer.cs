using Tributary.Intelligence.Data;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;

namespace Tributary.Intelligence.Training;

/// <summary>
/// Gradient boosting over histograms (Friedman, 2001; the leaf-wise growth and the sorted categories of LightGBM, Ke et al., 2017). The same rows,
/// options and seed give the same model, bit for bit, for any number of threads.
/// </summary>
public static class GbdtTrainer
{
    /// <summary>Trains a model.</summary>
    /// <param name="x">The rows. Infinities count as the largest finite values; NaN is missing.</param>
    /// <param name="y">A label per row: 0 or 1 for <see cref="Objective.BinaryLogLoss"/>, finite for a regression.</param>
    /// <param name="options">How.</param>
    /// <param name="weights">A weight per row, finite and not negative; empty for 1 each.</param>
    /// <param name="progress">Told after each round.</param>
    /// <param name="cancellationToken">Ends the training between rounds.</param>
    public static GbdtModel Train(
        FeatureMatrix x,
        ReadOnlySpan<float> y,
        GbdtOptions options,
        ReadOnlySpan<float> weights = default,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options.Check(x.Schema.Count);
        var isBinary = options.Objective == Objective.BinaryLogLoss;
        TrainingRows.Check(x, y, weights, isBinary);
        var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        var rowWeights = TrainingRows.Weigh(y, weights, isBinary ? options.PositiveWeight : 1, isBinary && options.BalanceClasses);

        using var matrix = BinnedMatrix.Create(x, options.MaxBins, threads, isBinary ? TrainingRows.RarerClass(y) : null, options.RareClassBinShare);
        using var gradients = new GradientBuffer(x.RowCount, hasHessians: isBinary || rowWeights.Length > 0, threads);
        using var grower = new TreeGrower(matrix, gradients, options, threads);
        int[] heldOut = options.EarlyStopping is { } stopping ? TrainingRows.HoldOut(y, stopping, options) : [];
        var run = new BoostingRun(options, y.ToArray(), rowWeights, heldOut, gradients, grower);
        var trees = run.Boost(progress, null, cancellationToken);
        return new GbdtModel(x.Schema, [.. trees], run.BaseScore, isBinary ? ScoreLink.Logistic : ScoreLink.Identity);
    }

    /// <summary>
    /// Trains without some rows of a binned table and tells how the raw scores of those rows change from round to round: a fold of a cross-validation,
    /// for any number of trees at once.
    /// </summary>
    /// <param name="matrix">All rows.</param>
    /// <param name="y">A label per row: 0 or 1.</param>
    /// <param name="options">How; without early stopping.</param>
    /// <param name="heldOut">The rows left out, ascending.</param>
    /// <param name="everyRound">Told the round, from 1, and the raw scores of all rows after it; false ends the training.</param>
    /// <param name="cancellationToken">Ends the training between rounds.</param>
    /// <returns>The raw scores of all rows after the last round.</returns>
    internal static double[] TrainHeldOut(
        BinnedMatrix matrix, float[] y, GbdtOptions options, int[] heldOut, Func<int, double[], bool> everyRound, CancellationToken cancellationToken)
    {
        options.Check(matrix.Bins.Length);
        var threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        var weights = TrainingRows.Weigh(y, default, options.PositiveWeight, options.BalanceClasses);
        using var gradients = new GradientBuffer(matrix.RowCount, hasHessians: true, threads);
        using var grower = new TreeGrower(matrix, gradients, options, threads);
        var run = new BoostingRun(options, y, weights, heldOut, gradients, grower);
        run.Boost(null, everyRound, cancellationToken);
        return run.Scores;
    }

    /// <summary>The state of one training.</summary>
    private sealed class BoostingRun
    {
        private readonly GbdtOptions _options;
        private readonly float[] _labels;
        private readonly float[] _weights;
        private readonly GradientBuffer _gradients;
        private readonly TreeGrower _grower;
        private readonly double[] _scores;
        private readonly int[] _heldOut;
        private readonly bool[] _isHeldOut;

        public BoostingRun(GbdtOptions options, float[] labels, float[] weights, int[] heldOut, GradientBuffer gradients, TreeGrower grower)
        {
            _options = options;
            _labels = labels;
            _weights = weights;
            _gradients = gradients;
            _grower = grower;
            _heldOut = heldOut;
            _isHeldOut = new bool[labels.Length];
            foreach (var row in _heldOut)
                _isHeldOut[row] = true;
            BaseScore = FindBaseScore();
            _scores = new double[labels.Length];
            Array.Fill(_scores, BaseScore);
        }

        /// <summary>The raw score of each row so far.</summary>
        public double[] Scores => _scores;

        /// <summary>What every row scores before the first tree: the log-odds of the positives, or the mean.</summary>
        public double BaseScore { get; }

        public List<DecisionTree> Boost(IProgress<TrainingProgress>? progress, Func<int, double[], bool>? everyRound, CancellationToken cancellationToken)
        {
            var trees = new List<DecisionTree>(_options.TreeCount);
            var stops = _options.EarlyStopping is not null;
            var best = (Round: 0, Loss: stops ? HeldOutLoss() : double.NaN);
            var drawsRows = _options.RowShare < 1 || _heldOut.Length > 0;
            var included = drawsRows ? new byte[_labels.Length] : [];
            var draws = _options is not { RowShare: 1, FeatureShare: 1, FeatureSharePerSplit: 1 };
            for (var round = 0; round < _options.TreeCount; round++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var generator = new SeededGenerator(_options.Seed, (ulong)round);
                if (drawsRows)
                    TrainingRows.Draw(included, _isHeldOut, _options.RowShare, ref generator);
                if (_options.Objective == Objective.BinaryLogLoss)
                    _gradients.SetLogLoss(_scores, _labels, _weights);
                else
                    _gradients.SetSquaredError(_scores, _labels, _weights);
                _gradients.Pack(included, generator.NextUInt64());
                var tree = _grower.Grow(ref generator, _options.LearningRate, _scores);
                if (tree.Nodes.IsEmpty && !draws)
                    break;
                trees.Add(tree);

                if (everyRound is not null && !everyRound(round + 1, _scores))
                    break;
                var loss = stops ? HeldOutLoss() : double.NaN;
                progress?.Report(new TrainingProgress(round + 1, _options.TreeCount, ToMetric(loss)));
                if (loss < best.Loss)
                    best = (round + 1, loss);
                else if (_options.EarlyStopping is { } stopping && round + 1 - best.Round >= stopping.Rounds)
                    break;
            }

            if (stops)
                trees.RemoveRange(best.Round, trees.Count - best.Round);
            return trees;
        }

        private double FindBaseScore()
        {
            double sum = 0, total = 0;
            for (var row = 0; row < _labels.Length; row++)
            {
                if (_isHeldOut[row])
                    continue;
                var weight = _weights.Length > 0 ? _weights[row] : 1;
                sum += weight * _labels[row];
                total += weight;
            }

            if (_options.Objective == Objective.SquaredError)
                return sum / total;
            var rate = Math.Clamp(sum / total, 1e-9, 1 - 1e-9);
            return Math.Log(rate / (1 - rate));
        }

        /// <summary>The metric of early stopping as a loss: lower is better.</summary>
        private double HeldOutLoss()
        {
            var (scores, labels) = (new double[_heldOut.Length], new float[_heldOut.Length]);
            for (var i = 0; i < _heldOut.Length; i++)
                (scores[i], labels[i]) = (_scores[_heldOut[i]], _labels[_heldOut[i]]);
            if (_options.EarlyStopping!.Metric != StoppingMetric.Loss)
            {
                var outcomes = new RankedOutcomes(scores, labels);
                return _options.EarlyStopping.Metric == StoppingMetric.RocAuc ? -outcomes.RocAuc() : -outcomes.AveragePrecision();
            }

            double sum = 0, total = 0;
            for (var i = 0; i < scores.Length; i++)
            {
                var weight = _weights.Length > 0 ? _weights[_heldOut[i]] : 1.0;
                sum += weight * (_options.Objective == Objective.SquaredError ? Square(scores[i] - labels[i]) : LogLoss(scores[i], labels[i]));
                total += weight;
            }

            return sum / total;

            static double Square(double value) => value * value;

            // log(1 + e^s) − y s, without overflow.
            static double LogLoss(double score, float label) => Math.Max(score, 0) + Math.Log(1 + Math.Exp(-Math.Abs(score))) - (label * score);
        }

        private double ToMetric(double loss) => _options.EarlyStopping is null or { Metric: StoppingMetric.Loss } ? loss : -loss;
    }
}
