using Tributary.Intelligence.Ranking.Beliefs;
using Tributary.Intelligence.Ranking.Outages;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Ranking.Beliefs;

public sealed class BestArmProbabilityTests
{
    private const double Down = 0.04;
    private const double Degraded = 0.5;
    private static readonly Availability Up = new(1, 0, 0);
    private static readonly ArmUtility Plain = new(1, 0);

    [Fact]
    public void Equal_arms_are_equally_likely()
    {
        var arm = new ArmBelief(new BetaDistribution(17, 3), new Availability(0.9, 0.06, 0.04));
        var (probabilities, error) = Compute([arm, arm, arm, arm], [Plain, Plain, Plain, Plain]);
        Assert.All(probabilities, p => Assert.Equal(0.25, p, 1e-12));
        Assert.True(error < 1e-3);
    }

    // P(X > Y) of two Betas with whole shapes is a finite sum (Evan Miller's form of Cook's result).
    [Theory]
    [InlineData(3, 4, 5, 2)]
    [InlineData(90, 10, 85, 15)]
    [InlineData(1, 1, 1, 1)]
    [InlineData(1, 30, 2, 40)]
    [InlineData(900, 100, 2, 2)]
    [InlineData(5000, 500, 8, 1)]
    public void Two_arms_agree_with_the_closed_form_within_the_stated_error(int a, int b, int c, int d)
    {
        double expected = 0;
        for (var i = 0; i < a; i++)
            expected += Math.Exp(LogBeta(c + i, b + d) - Math.Log(b + i) - LogBeta(1 + i, b) - LogBeta(c, d));

        // The sum above is P(Beta(a, b) > Beta(c, d)) with the roles of the shapes exchanged.
        var (probabilities, error) = Compute([new ArmBelief(new BetaDistribution(a, b), Up), new ArmBelief(new BetaDistribution(c, d), Up)], [Plain, Plain]);
        Assert.Equal(expected, probabilities[0], error + 2e-5);
        Assert.True(error < 1e-2, $"{error}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_stated_error_covers_what_sampling_finds(int seed)
    {
        var variates = new Variates(new Xoshiro256((ulong)seed));
        var beliefs = new ArmBelief[5];
        var utilities = new ArmUtility[5];
        for (var i = 0; i < 5; i++)
        {
            var mean = 0.5 + (0.45 * variates.NextUniform());
            var availability = new Availability(0.8, 0.1, 0.1);
            beliefs[i] = new ArmBelief(BetaDistribution.FromMoments(mean, Math.Pow(10, -2 - (3 * variates.NextUniform()))), availability);
            utilities[i] = new ArmUtility(90 + (10 * variates.NextUniform()), 5 * variates.NextUniform());
        }

        var (probabilities, error) = Compute(beliefs, utilities);
        const int Draws = 400_000;
        var wins = new int[5];
        for (var draw = 0; draw < Draws; draw++)
        {
            var (best, bestUtility) = (0, double.NegativeInfinity);
            for (var i = 0; i < 5; i++)
            {
                var state = variates.NextUniform();
                var factor = state < 0.1 ? Down : state < 0.2 ? Degraded : 1;
                var utility = utilities[i].At(variates.NextBeta(beliefs[i].Rate.A, beliefs[i].Rate.B) * factor);
                if (utility > bestUtility)
                    (best, bestUtility) = (i, utility);
            }

            wins[best]++;
        }

        for (var i = 0; i < 5; i++)
            Assert.Equal((double)wins[i] / Draws, probabilities[i], error + (4 * Math.Sqrt(0.25 / Draws)));
        Assert.True(error < 5e-3, $"{error}");
        Assert.Equal(1, probabilities.Sum(), 12);
    }

    [Fact]
    public void A_dearer_arm_of_the_same_rate_is_chosen_less()
    {
        var arm = new ArmBelief(new BetaDistribution(80, 20), Up);
        var (probabilities, _) = Compute([arm, arm], [new ArmUtility(100, 0), new ArmUtility(100, 10)]);
        Assert.True(probabilities[0] > 0.9);
    }

    [Fact]
    public void A_single_arm_is_certain()
    {
        var (probabilities, error) = Compute([new ArmBelief(new BetaDistribution(2, 2), Up)], [Plain]);
        Assert.Equal(1, probabilities[0]);
        Assert.Equal(0, error);
    }

    private static (double[] Probabilities, double Error) Compute(ArmBelief[] beliefs, ArmUtility[] utilities)
    {
        var probabilities = new double[beliefs.Length];
        var error = new BestArmProbability().Compute(beliefs, utilities, (Down, Degraded), probabilities);
        return (probabilities, error);
    }

    private static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    // Whole arguments only: a sum of logarithms is exact enough.
    private static double LogGamma(double n)
    {
        double sum = 0;
        for (var i = 2; i < n; i++)
            sum += Math.Log(i);
        return sum;
    }
}
