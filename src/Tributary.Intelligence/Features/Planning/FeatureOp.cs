namespace Tributary.Intelligence.Features.Planning;

/// <summary>A feature, compiled: what to read where. Places that an operation does not use are <see cref="Nowhere"/>.</summary>
internal readonly record struct FeatureOp
{
    /// <summary>A place that always holds 0, so that a missing term needs no branch.</summary>
    public const int Nowhere = 0;

    public required FeatureOpCode Code { get; init; }

    /// <summary>The place in a row.</summary>
    public required int Feature { get; init; }

    /// <summary>The history read, an index into the plan's; −1 for none.</summary>
    public int History { get; init; }

    public int A { get; init; }

    public int B { get; init; }

    public int C { get; init; }

    public int D { get; init; }

    /// <summary>Milliseconds of a window, for lists.</summary>
    public long WindowMs { get; init; }

    /// <summary>Turns the integers read into the unit of the feature.</summary>
    public double Scale { get; init; }

    /// <summary>Payments of the average of everyone that a mean starts with.</summary>
    public int PriorPayments { get; init; }

    /// <summary>The value where there is none.</summary>
    public float Else { get; init; }
}
