using FsCheck;
using FsCheck.Fluent;
using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Evaluation;

public sealed class RankedOutcomesTests
{
    // Sorted: .9+ .8- .7+ .6- .5+ : pairs won 3 (.9: 2, .7: 1, .5: 0) of 6.
    private static readonly RankedOutcomes Small = new([.5, .9, .6, .7, .8], [1, 1, 0, 1, 0]);

    // One tie of a positive and two negatives at .5: pairs .9>.5 twice, tie half twice, and .9, .5 above .1.
    private static readonly RankedOutcomes Tied = new([.9, .5, .5, .5, .1], [1, 1, 0, 0, 0]);

    [Fact]
    public void Roc_auc_is_the_share_of_pairs_in_the_right_order() => Assert.Equal(3.0 / 6, Small.RocAuc(), 15);

    [Fact]
    public void Roc_auc_counts_a_tie_as_half_a_pair() => Assert.Equal(5.0 / 6, Tied.RocAuc(), 15);

    [Fact]
    public void Average_precision_is_precision_at_each_gain_of_recall() =>
        Assert.Equal(((1.0 / 1) + (2.0 / 3) + (3.0 / 5)) / 3, Small.AveragePrecision(), 15);

    [Fact]
    public void Average_precision_takes_a_tie_at_once() => Assert.Equal(((1.0 / 1) + (2.0 / 4)) / 2, Tied.AveragePrecision(), 15);

    [Fact]
    public void Precision_at_k_shares_a_tie_at_the_cut()
    {
        Assert.Equal(1, Tied.PrecisionAt(1), 15);
        Assert.Equal((1 + (1.0 / 3)) / 2, Tied.PrecisionAt(2), 15);
        Assert.Equal((1 + (2.0 / 3)) / 3, Tied.PrecisionAt(3), 15);
        Assert.Equal(2.0 / 4, Tied.PrecisionAt(4), 15);
        Assert.Equal(2.0 / 5, Tied.PrecisionAt(100), 15);
    }

    [Fact]
    public void Recall_at_a_false_positive_rate_takes_whole_groups_only()
    {
        Assert.Equal(1.0 / 3, Small.RecallAtFalsePositiveRate(0), 15);
        Assert.Equal(2.0 / 3, Small.RecallAtFalsePositiveRate(.5), 15);
        Assert.Equal(1.0 / 3, Small.RecallAtFalsePositiveRate(.49), 15);
        Assert.Equal(.5, Tied.RecallAtFalsePositiveRate(.5), 15);
        Assert.Equal(1, Tied.RecallAtFalsePositiveRate(.67), 15);
    }

    [Fact]
    public void Recall_is_zero_when_a_negative_scores_highest() =>
        Assert.Equal(0, new RankedOutcomes([.9, .1], [0, 1]).RecallAtFalsePositiveRate(.5));

    [Fact]
    public void Operating_points_count_what_is_caught()
    {
        var points = Tied.OperatingPoints();
        Assert.Equal(
            [new OperatingPoint(.9, 1, 0, 2, 3), new OperatingPoint(.5, 2, 2, 2, 3), new OperatingPoint(.1, 2, 3, 2, 3)],
            points);
        Assert.Equal(2.0 / 3, points[1].FalsePositiveRate, 15);
        Assert.Equal(.5, points[1].Precision, 15);
        Assert.Equal(1, points[1].TruePositiveRate, 15);
    }

    [Fact]
    public void Weights_count_as_copies()
    {
        var copied = new RankedOutcomes([.5, .5, .9, .6, .7, .8, .8, .8], [1, 1, 1, 0, 1, 0, 0, 0]);
        double[] weights = [2, 1, 1, 1, 3];
        Assert.Equal(copied.RocAuc(), Small.RocAuc(weights), 15);
        Assert.Equal(copied.AveragePrecision(), Small.AveragePrecision(weights), 15);
        Assert.Equal(copied.RecallAtFalsePositiveRate(.8), Small.RecallAtFalsePositiveRate(.8, weights), 15);
        Assert.Equal(copied.OperatingPoints(), Small.OperatingPoints(weights));
    }

    [Fact]
    public void A_class_that_is_absent_makes_the_metric_undefined()
    {
        var negatives = new RankedOutcomes([.1, .2], [0, 0]);
        Assert.True(double.IsNaN(negatives.RocAuc()));
        Assert.True(double.IsNaN(negatives.AveragePrecision()));
        Assert.True(double.IsNaN(negatives.RecallAtFalsePositiveRate(.1)));
        Assert.True(double.IsNaN(new RankedOutcomes([], []).PrecisionAt(3)));
    }

    [Fact]
    public void Scores_and_labels_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new RankedOutcomes([.1], [0, 1]));
        Assert.Throws<ArgumentException>(() => new RankedOutcomes([double.NaN], [0]));
        Assert.Throws<ArgumentException>(() => new RankedOutcomes([.1], [.5f]));
        Assert.Throws<ArgumentException>(() => Small.RocAuc([1.0]));
    }

    [Fact]
    public void Roc_auc_equals_the_count_over_all_pairs() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, byte size) =>
        {
            var (scores, labels) = Draw(seed, size + 2);
            double won = 0, pairs = 0;
            for (var i = 0; i < scores.Length; i++)
            {
                for (var j = 0; j < scores.Length; j++)
                {
                    if (labels[i] != 1 || labels[j] != 0)
                        continue;
                    pairs++;
                    won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? .5 : 0;
                }
            }

            var auc = new RankedOutcomes(scores, labels).RocAuc();
            return pairs == 0 ? double.IsNaN(auc) : Math.Abs(auc - (won / pairs)) < 1e-12;
        }));

    [Fact]
    public void No_metric_depends_on_the_order_of_the_rows() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, byte size) =>
        {
            var (scores, labels) = Draw(seed, size + 2);
            var forward = new RankedOutcomes(scores, labels);
            Array.Reverse(scores);
            Array.Reverse(labels);
            var backward = new RankedOutcomes(scores, labels);
            return forward.RocAuc().Equals(backward.RocAuc())
                && forward.AveragePrecision().Equals(backward.AveragePrecision())
                && forward.PrecisionAt(3).Equals(backward.PrecisionAt(3))
                && forward.RecallAtFalsePositiveRate(.1).Equals(backward.RecallAtFalsePositiveRate(.1));
        }));

    private static (double[] Scores, float[] Labels) Draw(ulong seed, int count)
    {
        var generator = new SeededGenerator(seed);
        var scores = new double[count];
        var labels = new float[count];
        for (var i = 0; i < count; i++)
        {
            scores[i] = generator.NextInt32(12) / 12.0;
            labels[i] = generator.NextInt32(3) == 0 ? 1 : 0;
        }

        return (scores, labels);
    }
}
