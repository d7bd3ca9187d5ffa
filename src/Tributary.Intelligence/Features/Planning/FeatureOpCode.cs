namespace Tributary.Intelligence.Features.Planning;

/// <summary>How a feature is read from the payment and the states of its parties.</summary>
internal enum FeatureOpCode : byte
{
    Amount,
    Hour,
    Weekday,
    Weekend,
    Night,
    Category,

    /// <summary>The payments of tally A.</summary>
    Payments,

    /// <summary>The frauds of tally A.</summary>
    Frauds,

    /// <summary>The share of frauds in tally A.</summary>
    FraudRate,

    /// <summary>A × scale.</summary>
    Total,

    /// <summary>(A − C) × scale, without what is known to be fraud.</summary>
    TotalExcludingFraud,

    /// <summary>A × scale ÷ the payments of tally B.</summary>
    Mean,

    /// <summary>((A − C) × scale + prior) ÷ (payments of tally B − frauds of tally D + prior payments).</summary>
    MeanOfAmounts,

    /// <summary>A × scale, missing when nothing was there.</summary>
    Max,

    /// <summary>√(n·A − B²) ÷ n × scale, with A in 128 bits and n the payments of tally C.</summary>
    StandardDeviation,

    /// <summary>The middle of the amounts of list A.</summary>
    Median,

    /// <summary>Entries of list A younger than B milliseconds.</summary>
    Distinct,

    RatioToMean,
    RatioToMax,
    RatioToMedian,

    /// <summary>From the time in A.</summary>
    Since,

    /// <summary>From the day of the time in A.</summary>
    DaysSince,

    /// <summary>From the entry of list A for the other party.</summary>
    SinceSame,

    DaysSinceSame,

    Distance,
    Velocity,

    /// <summary>A, missing while negative.</summary>
    Run,
}
