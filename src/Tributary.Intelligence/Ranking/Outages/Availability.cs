namespace Tributary.Intelligence.Ranking.Outages;

/// <summary>A belief about whether an arm works; the three sum to one.</summary>
/// <param name="Up">It works as usual.</param>
/// <param name="Degraded">About half of what usually succeeds still does.</param>
/// <param name="Down">Next to nothing succeeds.</param>
public readonly record struct Availability(double Up, double Degraded, double Down)
{
    /// <summary>The worse of two causes that act independently: an arm works for a segment only when both do.</summary>
    public Availability And(Availability other)
    {
        var up = Up * other.Up;
        var down = 1 - ((1 - Down) * (1 - other.Down));
        return new Availability(up, Math.Max(0, 1 - up - down), down);
    }
}
