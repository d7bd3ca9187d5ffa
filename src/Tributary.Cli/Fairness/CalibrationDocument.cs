namespace Tributary.Cli.Fairness;

/// <summary>Said against seen in one bin.</summary>
/// <param name="Rows">Rows of the group in the bin.</param>
/// <param name="MeanScore">What the model said.</param>
/// <param name="PositiveShare">What was.</param>
internal sealed record CalibrationDocument(int Rows, double MeanScore, double PositiveShare);
