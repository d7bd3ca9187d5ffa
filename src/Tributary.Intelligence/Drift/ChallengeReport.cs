using Tributary.Intelligence.Evaluation;

namespace Tributary.Intelligence.Drift;

/// <summary>Champion and challenger on the same rows, since shadow scoring began.</summary>
/// <param name="Rows">Rows with a score of each and a label.</param>
/// <param name="Positives">Of them positive.</param>
/// <param name="Champion">The champion's average precision.</param>
/// <param name="Challenger">The challenger's average precision.</param>
/// <param name="Difference">Challenger less champion in average precision, with the interval of a paired bootstrap.</param>
/// <param name="RocAucDifference">The same in area under the ROC curve.</param>
/// <param name="LogLossDifference">The same in log loss: below zero is better.</param>
/// <param name="Verdict">What follows.</param>
public sealed record ChallengeReport(
    int Rows,
    int Positives,
    double Champion,
    double Challenger,
    ConfidenceInterval Difference,
    ConfidenceInterval RocAucDifference,
    ConfidenceInterval LogLossDifference,
    ChallengeVerdict Verdict)
{
    /// <summary>Confirmed positives below which nothing is promoted.</summary>
    public const int LeastPositives = 200;

    /// <summary>Compares the scores of two models by resampling clusters (cards, customers) that both meet together.</summary>
    /// <param name="scores">Both scores of each row; rows where the challenger has none are left out.</param>
    /// <param name="labels">A label per row: 1 positive, 0 negative.</param>
    /// <param name="clusters">The cluster of each row; empty when each row is its own.</param>
    /// <param name="replicates">Resamples.</param>
    /// <param name="seed">The seed of the resampling.</param>
    public static ChallengeReport Compare(
        ReadOnlySpan<ShadowScores> scores, ReadOnlySpan<float> labels, ReadOnlySpan<long> clusters = default, int replicates = 500, ulong seed = 1)
    {
        if (scores.Length != labels.Length || (clusters.Length != 0 && clusters.Length != scores.Length))
            throw new ArgumentException("Scores, labels and clusters must be as many.", nameof(labels));

        var (champion, challenger, y, groups) = (new List<double>(), new List<double>(), new List<float>(), new List<long>());
        for (var row = 0; row < scores.Length; row++)
        {
            if (double.IsNaN(scores[row].Challenger))
                continue;
            champion.Add(scores[row].Champion);
            challenger.Add(scores[row].Challenger);
            y.Add(labels[row]);
            groups.Add(clusters.IsEmpty ? row : clusters[row]);
        }

        var (a, b, truth) = (champion.ToArray(), challenger.ToArray(), y.ToArray());
        var first = new RankedOutcomes(a, truth);
        var second = new RankedOutcomes(b, truth);
        var difference = Paired((weights) => second.AveragePrecision(weights) - first.AveragePrecision(weights));
        var auc = Paired((weights) => second.RocAuc(weights) - first.RocAuc(weights));
        var loss = Paired((weights) => ProbabilityMetrics.LogLoss(b, truth, weights) - ProbabilityMetrics.LogLoss(a, truth, weights));
        var positives = truth.Count(label => label == 1);
        return new ChallengeReport(
            truth.Length, positives, first.AveragePrecision(), second.AveragePrecision(), difference, auc, loss, Judge(positives, difference, loss));

        ConfidenceInterval Paired(Func<double[], double> metric) => ClusterBootstrap.Interval(
            first, groups.ToArray(), (_, weights) => metric(weights.IsEmpty ? [.. Enumerable.Repeat(1.0, truth.Length)] : weights.ToArray()), replicates, seed);
    }

    private static ChallengeVerdict Judge(int positives, ConfidenceInterval difference, ConfidenceInterval loss)
    {
        if (positives < LeastPositives)
            return ChallengeVerdict.TooFewPositives;
        if (difference.High < 0)
            return ChallengeVerdict.ChampionBetter;
        if (!(difference.Low > 0))
            return ChallengeVerdict.NoDifference;
        return loss.Low > 0 ? ChallengeVerdict.ChallengerMiscalibrated : ChallengeVerdict.ChallengerBetter;
    }
}
