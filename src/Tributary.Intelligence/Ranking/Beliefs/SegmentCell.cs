using Tributary.Intelligence.Ranking.Outages;

namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>What is known of one arm in one segment.</summary>
internal sealed class SegmentCell
{
    public SegmentCell(BanditSettings settings, double tick)
    {
        Counts = new FadingCounts(settings.HalfLifeTicks.Length);
        Counts.StartAt(tick);
        Availability = new AvailabilityFilter(settings.OutageLengthTicks.Length, tick);
        Weights = new double[settings.HalfLifeTicks.Length * settings.PoolingStrengths.Length];
        Array.Fill(Weights, 1.0 / Weights.Length);
        ShiftedWeights = (double[])Weights.Clone();
    }

    /// <summary>Outcomes of the segment at the arm.</summary>
    public FadingCounts Counts { get; }

    /// <summary>Outages that hit this segment only.</summary>
    public AvailabilityFilter Availability { get; }

    /// <summary>How well each pair of half-life and pooling strength has predicted here; sums to one.</summary>
    public double[] Weights { get; }

    /// <summary>The same where the segment has a level of its own.</summary>
    public double[] ShiftedWeights { get; }
}
