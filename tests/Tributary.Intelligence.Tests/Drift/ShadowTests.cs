using Tributary.Intelligence.Data;
using Tributary.Intelligence.Drift;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Drift;

public sealed class ShadowTests
{
    private static readonly FeatureSchema Schema = FeatureSchema.Numeric("a");

    [Fact]
    public void Only_the_champion_decides()
    {
        var scorer = new ShadowScorer(new Fixed(.2));
        var alone = scorer.Score([1]);
        Assert.Equal(.2, alone.Champion);
        Assert.True(double.IsNaN(alone.Challenger));
        scorer.Challenge(new Fixed(.9));
        Assert.Equal(new ShadowScores(.2, .9), scorer.Score([1]));
        scorer.Promote();
        Assert.Equal(new ShadowScores(.9, .2), scorer.Score([1]));
        scorer.Promote();
        Assert.Equal(.2, scorer.Score([1]).Champion);
        scorer.Challenge(null);
        Assert.Throws<InvalidOperationException>(scorer.Promote);
    }

    [Fact]
    public void A_challenger_that_fails_does_not_reach_the_payment()
    {
        var scorer = new ShadowScorer(new Fixed(.2), new Broken());
        Assert.Equal(.2, scorer.Score([1]).Champion);
        Assert.True(double.IsNaN(scorer.Score([1]).Challenger));
        Assert.Equal(2, scorer.ChallengerFailures);
        Assert.Throws<ArgumentException>(() => new ShadowScorer(new Fixed(.1), new OtherSchema()));
    }

    [Theory]
    [InlineData(3000, .35, .0, ChallengeVerdict.ChallengerBetter)]
    [InlineData(3000, .0, .35, ChallengeVerdict.ChampionBetter)]
    [InlineData(3000, .0, .0, ChallengeVerdict.NoDifference)]
    [InlineData(300, .35, .0, ChallengeVerdict.TooFewPositives)]
    public void A_verdict_needs_positives_and_a_difference_beyond_chance(int rows, double challengerSkill, double championSkill, ChallengeVerdict verdict)
    {
        var generator = new SeededGenerator(5);
        var scores = new ShadowScores[rows];
        var labels = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            labels[row] = generator.NextInt32(8) == 0 ? 1 : 0;
            double Draw(double skill) => .1 + (skill * labels[row]) + (.1 * generator.NextDouble());
            scores[row] = new ShadowScores(Draw(championSkill + .05), Draw(challengerSkill + .05));
        }

        var report = ChallengeReport.Compare(scores, labels, replicates: 200);
        Assert.Equal(verdict, report.Verdict);
        Assert.Equal(rows, report.Rows);
    }

    [Fact]
    public void A_challenger_that_ranks_better_but_lies_about_probability_is_told_apart()
    {
        var generator = new SeededGenerator(6);
        var scores = new ShadowScores[4000];
        var labels = new float[4000];
        for (var row = 0; row < labels.Length; row++)
        {
            labels[row] = generator.NextInt32(8) == 0 ? 1 : 0;
            scores[row] = new ShadowScores(.125 + (.01 * generator.NextDouble()), .8 + (.1 * labels[row]) + (.1 * generator.NextDouble()));
        }

        scores[7] = scores[7] with { Challenger = double.NaN };
        var report = ChallengeReport.Compare(scores, labels, replicates: 200);
        Assert.Equal(ChallengeVerdict.ChallengerMiscalibrated, report.Verdict);
        Assert.Equal(3999, report.Rows);
    }

    private sealed class Fixed(double score) : IModel
    {
        public FeatureSchema Schema => ShadowTests.Schema;

        public double Score(ReadOnlySpan<float> row) => score;
    }

    private sealed class Broken : IModel
    {
        public FeatureSchema Schema => ShadowTests.Schema;

        public double Score(ReadOnlySpan<float> row) => throw new InvalidOperationException("A bug.");
    }

    private sealed class OtherSchema : IModel
    {
        public FeatureSchema Schema { get; } = FeatureSchema.Numeric("b");

        public double Score(ReadOnlySpan<float> row) => 0;
    }
}
