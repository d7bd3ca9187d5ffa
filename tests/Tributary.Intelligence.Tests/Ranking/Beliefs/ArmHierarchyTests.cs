using Tributary.Intelligence.Ranking;
using Tributary.Intelligence.Ranking.Beliefs;
using Tributary.Intelligence.Ranking.Sampling;
using Tributary.Primitives.Randomness;

namespace Tributary.Intelligence.Tests.Ranking.Beliefs;

public sealed class ArmHierarchyTests
{
    private const int Arms = 5;

    [Fact]
    public void An_arm_that_a_segment_never_tried_is_believed_at_the_segments_level()
    {
        // Everyone reaches 90 % in one segment and 40 % in the other; the last arm was never tried in the second.
        var believed = BelieveLast(new BanditSettings(), hard: 0.4);
        Assert.InRange(believed, 0.3, 0.6);

        // Read without levels, what it reaches elsewhere is all that is known.
        Assert.True(BelieveLast(new BanditSettings { SegmentDeviation = 1e-6 }, hard: 0.4) > 0.75);
    }

    [Fact]
    public void Segments_without_a_level_of_their_own_are_read_as_before() =>
        Assert.InRange(BelieveLast(new BanditSettings(), hard: 0.9), 0.85, 0.95);

    private static double BelieveLast(BanditSettings settings, double hard)
    {
        var hierarchy = new ArmHierarchy(settings);
        var variates = new Variates(new Xoshiro256(5));
        double tick = 0;
        for (var arm = 0; arm < Arms; arm++)
            hierarchy.IndexOf($"arm {arm}", tick);
        for (var i = 0; i < 4_000; i++)
        {
            tick++;
            hierarchy.Learn(i % Arms, "easy", shopper: null, variates.NextUniform() < 0.9, tick);
            hierarchy.Learn(i % (Arms - 1), "hard", shopper: null, variates.NextUniform() < hard, tick);
        }

        return hierarchy.Believe(Arms - 1, "hard", shopper: null, tick, scale: 1).Rate.Mean;
    }
}
