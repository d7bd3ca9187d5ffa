namespace Tributary.Payments.Reporting;

/// <summary>How the payments came out that shoppers first tried on one day.</summary>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Succeeded">Paid.</param>
/// <param name="Failed">Given up, expired, cancelled or taken back.</param>
/// <param name="Open">Not decided yet.</param>
public sealed record DailyOutcome(DateOnly Day, long Succeeded, long Failed, long Open)
{
    /// <summary>Of a hundred that are decided, how many were paid, rounded to a whole; null where none is decided.</summary>
    public int? SuccessPercent => Succeeded + Failed == 0 ? null : (int)(((Succeeded * 200) + Succeeded + Failed) / (2 * (Succeeded + Failed)));
}
