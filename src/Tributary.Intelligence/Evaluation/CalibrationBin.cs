namespace Tributary.Intelligence.Evaluation;

/// <summary>Rows of similar probability, and how often they came true.</summary>
/// <param name="Count">Rows.</param>
/// <param name="LeastProbability">The lowest probability among them.</param>
/// <param name="GreatestProbability">The highest probability among them.</param>
/// <param name="MeanProbability">What the model says.</param>
/// <param name="ObservedRate">What came true.</param>
public readonly record struct CalibrationBin(int Count, double LeastProbability, double GreatestProbability, double MeanProbability, double ObservedRate);
