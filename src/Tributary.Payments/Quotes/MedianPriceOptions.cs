namespace Tributary.Payments.Quotes;

/// <summary>When the sources of a <see cref="MedianPriceSource"/> are believed.</summary>
public sealed record MedianPriceOptions
{
    /// <summary>Sources that must remain.</summary>
    public int SourcesMin { get; init; } = 1;

    /// <summary>Older prices do not count.</summary>
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Prices farther from the median, in hundredths of a percent, do not count.</summary>
    public int DeviationBasisPointsMax { get; init; } = 300;
}
