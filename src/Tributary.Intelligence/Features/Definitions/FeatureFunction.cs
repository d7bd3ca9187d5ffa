namespace Tributary.Intelligence.Features.Definitions;

/// <summary>What a feature computes.</summary>
public enum FeatureFunction
{
    /// <summary>The payment's amount in major units.</summary>
    Amount,

    /// <summary>The hour of the day in UTC, 0 … 23.</summary>
    Hour,

    /// <summary>The day of the week in UTC, 0 (Monday) … 6 (Sunday).</summary>
    Weekday,

    /// <summary>1 on Saturday and Sunday in UTC, else 0.</summary>
    Weekend,

    /// <summary>1 before 07:00 in UTC, else 0.</summary>
    Night,

    /// <summary>The code of the merchant's category; missing without one.</summary>
    Category,

    /// <summary>How many payments, or how many known frauds.</summary>
    Count,

    /// <summary>The sum of a measure.</summary>
    Sum,

    /// <summary>The mean of a measure; of "fraud" the share of known frauds.</summary>
    Mean,

    /// <summary>The greatest value of a measure.</summary>
    Max,

    /// <summary>The standard deviation of a measure (of the population: divided by n).</summary>
    StandardDeviation,

    /// <summary>The median of the amounts (the lower one of an even number).</summary>
    Median,

    /// <summary>How many different entities of another kind.</summary>
    Distinct,

    /// <summary>The payment's amount over the mean, median or maximum of the entity's earlier ones.</summary>
    Ratio,

    /// <summary>Seconds since something that happened to the entity.</summary>
    Since,

    /// <summary>Calendar days (UTC) since something that happened to the entity.</summary>
    DaysSince,

    /// <summary>Kilometres from the place of the entity's payment before.</summary>
    Distance,

    /// <summary>Kilometres per hour from the place of the entity's payment before.</summary>
    Velocity,

    /// <summary>Known frauds in a row, up to the latest payment whose outcome is known.</summary>
    FraudRun,

    /// <summary>Known legitimate payments since the latest known fraud; missing without a known fraud.</summary>
    LegitimateRun,
}
