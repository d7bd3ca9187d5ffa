namespace Tributary.Proofs.Air;

/// <summary>The claimed values of one table's columns at ζ and, where they are read there, at g·ζ.</summary>
internal sealed class TableOpening
{
    public required Extension[] Preprocessed { get; init; }

    /// <summary>In the order of <see cref="AirShape.PreprocessedNextColumns"/>.</summary>
    public required Extension[] PreprocessedNext { get; init; }

    public required Extension[] Main { get; init; }

    /// <summary>In the order of <see cref="AirShape.NextColumns"/>.</summary>
    public required Extension[] Next { get; init; }

    /// <summary>One value for each batch of messages, its five columns already joined.</summary>
    public required Extension[] Lookup { get; init; }

    /// <summary>The running sum at g·ζ.</summary>
    public required Extension LookupNext { get; init; }

    public required Extension IsFirstRow { get; init; }

    public required Extension IsLastRow { get; init; }

    public required Extension IsTransition { get; init; }
}
