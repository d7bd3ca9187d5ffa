using Tributary.Intelligence.Ranking.Outages;

namespace Tributary.Intelligence.Ranking.Beliefs;

/// <summary>What is known of one arm over all segments.</summary>
internal sealed class GlobalArm
{
    public GlobalArm(string name, BanditSettings settings, double tick)
    {
        Name = name;
        Counts = new FadingCounts(settings.HalfLifeTicks.Length);
        Counts.StartAt(tick);
        ShiftedCounts = new FadingCounts(settings.HalfLifeTicks.Length);
        ShiftedCounts.StartAt(tick);
        Availability = new AvailabilityFilter(settings.OutageLengthTicks.Length, tick);
    }

    public string Name { get; }

    public FadingCounts Counts { get; }

    /// <summary>Outcomes as they would have been at the level of all segments.</summary>
    public FadingCounts ShiftedCounts { get; }

    /// <summary>Outages that hit every segment.</summary>
    public AvailabilityFilter Availability { get; }
}
