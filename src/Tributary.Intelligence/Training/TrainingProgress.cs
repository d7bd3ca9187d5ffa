namespace Tributary.Intelligence.Training;

/// <summary>How far a training has come.</summary>
/// <param name="Done">Rounds done.</param>
/// <param name="Total">Rounds at most.</param>
/// <param name="Metric">The metric of early stopping on the rows held out; NaN without early stopping.</param>
public readonly record struct TrainingProgress(int Done, int Total, double Metric);
