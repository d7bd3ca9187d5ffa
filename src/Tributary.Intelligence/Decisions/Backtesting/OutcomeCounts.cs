namespace Tributary.Intelligence.Decisions.Backtesting;

/// <summary>Payments by what became of them.</summary>
/// <param name="Good">Good ones.</param>
/// <param name="Bad">Bad ones.</param>
/// <param name="Unknown">Those of which it is not known.</param>
/// <param name="GoodAmount">What the good ones were worth, in minor units.</param>
/// <param name="BadAmount">What the bad ones were worth.</param>
public sealed record OutcomeCounts(long Good, long Bad, long Unknown, long GoodAmount, long BadAmount)
{
    /// <summary>No payments.</summary>
    public static OutcomeCounts None { get; } = new(0, 0, 0, 0, 0);

    /// <summary>All of them.</summary>
    public long Total => Good + Bad + Unknown;

    /// <summary>One payment more. A sum of amounts that does not fit stops at the largest that does.</summary>
    public OutcomeCounts With(PaymentOutcome outcome, long amount) => outcome switch
    {
        PaymentOutcome.Good => this with { Good = Good + 1, GoodAmount = Add(GoodAmount, amount) },
        PaymentOutcome.Bad => this with { Bad = Bad + 1, BadAmount = Add(BadAmount, amount) },
        _ => this with { Unknown = Unknown + 1 },
    };

    private static long Add(long sum, long amount) => (long)Int128.Min(long.MaxValue, (Int128)sum + amount);
}
