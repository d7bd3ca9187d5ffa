namespace Tributary.Intelligence.Protocols.Handbook;

/// <summary>What a fold showed.</summary>
public sealed record HandbookFoldResult
{
    /// <summary>The first test day.</summary>
    public required DateOnly Date { get; init; }

    public required int TrainRows { get; init; }

    public required int TrainFrauds { get; init; }

    public required int TestRows { get; init; }

    public required int TestFrauds { get; init; }

    /// <summary>Customers left out as known to be compromised.</summary>
    public required int RemovedCards { get; init; }

    public required double RocAuc { get; init; }

    public required double AveragePrecision { get; init; }

    /// <summary>Card precision@k.</summary>
    public required double CardPrecision { get; init; }

    /// <summary>Card precision@k of the true labels: no score can do better.</summary>
    public required double OracleCardPrecision { get; init; }
}
