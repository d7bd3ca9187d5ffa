using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Selection;

/// <summary>Boosted trees. The number of rounds is chosen by the cross-validation, the one that is best on average over the folds.</summary>
public sealed class GbdtCandidate(string name, GbdtOptions options) : ModelCandidate(name, ModelFamily.Boosting)
{
    /// <summary>Rounds are judged at multiples of this.</summary>
    private const int RoundStep = 10;

    /// <summary>A fold ends when it has not gained for so many rounds.</summary>
    private const int Patience = 120;

    /// <summary>The options; the number of trees is the most rounds tried.</summary>
    public GbdtOptions Options => options;

    internal override OutOfFoldScores CrossFit(CrossFitRows rows, StratifiedFolds folds, SelectionMetric metric, CancellationToken cancellationToken)
    {
        var matrix = rows.Binned(options.MaxBins, options.Threads == 0 ? Environment.ProcessorCount : options.Threads);
        var steps = Math.Max(1, options.TreeCount / RoundStep);
        var scores = new float[steps][];
        for (var step = 0; step < steps; step++)
            scores[step] = new float[rows.Y.Length];
        var metrics = new double[steps];
        for (var fold = 0; fold < folds.Count; fold++)
        {
            var test = folds.Test(fold);
            var (probabilities, labels) = (new double[test.Length], Array.ConvertAll(test, row => rows.Y[row]));
            var (reached, bestStep, bestMetric) = (0, 0, double.NegativeInfinity);
            var last = GbdtTrainer.TrainHeldOut(
                matrix,
                rows.Y,
                options,
                test,
                (round, all) =>
                {
                    if (round % RoundStep == 0 && reached < steps)
                        Record(reached++, all);
                    return reached - bestStep <= Patience / RoundStep;
                },
                cancellationToken);

            // A fold that ended early has said all that it has to say.
            while (reached < steps)
                Record(reached++, last);

            void Record(int step, double[] all)
            {
                for (var i = 0; i < test.Length; i++)
                {
                    probabilities[i] = Logistic.Probability(all[test[i]]);
                    scores[step][test[i]] = (float)probabilities[i];
                }

                var value = metric.Compute(probabilities, labels);
                metrics[step] += value;
                if (value > bestMetric)
                    (bestStep, bestMetric) = (step + 1, value);
            }
        }

        var best = 0;
        for (var step = 1; step < steps; step++)
        {
            if (metrics[step] > metrics[best])
                best = step;
        }

        return new OutOfFoldScores(Array.ConvertAll(scores[best], score => (double)score), (best + 1) * RoundStep);
    }

    internal override IModel Fit(FeatureMatrix x, float[] y, int rounds, CancellationToken cancellationToken) =>
        GbdtTrainer.Train(x, y, options with { TreeCount = Math.Max(1, rounds), EarlyStopping = null }, cancellationToken: cancellationToken);
}
