namespace Tributary.Intelligence.Features;

/// <summary>The bounds of a store. What happens at each is deterministic, so that a replay reaches the same state.</summary>
public sealed record FeatureStoreOptions
{
    /// <summary>Entities of a kind that are remembered; at the bound, of 16 looked at in turn, the one idle the longest is forgotten.</summary>
    public int MaxEntities { get; init; } = 1 << 20;

    /// <summary>
    /// Cells of an entity's history, a power of two from 256 to 65,536. A cell is a payment, until they are all used: then neighbours in the older
    /// half are merged, and windows that end in a merged cell become coarser by its span.
    /// </summary>
    public int MaxCells { get; init; } = 1_024;

    /// <summary>Different parties remembered for "distinct" and "since same", 4 to 4,096: counts stop there.</summary>
    public int MaxDistinct { get; init; } = 64;

    /// <summary>Amounts remembered for a median, 4 to 4,096, a power of two: of more, the latest.</summary>
    public int MaxMedian { get; init; } = 256;

    /// <summary>Bytes of histories of a kind; at the bound, of 16 entities looked at in turn, the one idle the longest loses its history.</summary>
    public long MaxHistoryBytes { get; init; } = 4L << 30;

    /// <summary>Frauds remembered by payment, so that a label that arrives twice changes nothing; of more, the latest.</summary>
    public int MaxLabels { get; init; } = 1 << 20;

    /// <summary>How far a payment's time may lie before that of an earlier one: it is moved up. Further is refused.</summary>
    public TimeSpan MaxClockRegression { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The option that is out of its range, with the range, or null.</summary>
    internal string? Fault() => this switch
    {
        { MaxEntities: < 16 or > 1 << 28 } => "MaxEntities must be 16 … 2²⁸.",
        { MaxCells: < 256 or > 65_536 } => "MaxCells must be 256 … 65,536.",
        _ when !int.IsPow2(MaxCells) => "MaxCells must be a power of two.",
        { MaxDistinct: < 4 or > 4_096 } => "MaxDistinct must be 4 … 4,096.",
        { MaxMedian: < 4 or > 4_096 } => "MaxMedian must be 4 … 4,096.",
        _ when !int.IsPow2(MaxMedian) => "MaxMedian must be a power of two.",
        { MaxHistoryBytes: < 1 << 23 } => "MaxHistoryBytes must be 8 MiB or more.",
        { MaxLabels: < 1 } => "MaxLabels must be 1 or more.",
        { MaxClockRegression.Ticks: < 0 } => "MaxClockRegression must not be negative.",
        _ => null,
    };
}
