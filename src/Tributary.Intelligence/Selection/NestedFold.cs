namespace Tributary.Intelligence.Selection;

/// <summary>One outer fold of a nested cross-validation.</summary>
/// <param name="Repetition">From 0.</param>
/// <param name="Fold">From 0.</param>
/// <param name="Chosen">The candidate chosen inside.</param>
/// <param name="ChosenFamily">Its kind.</param>
/// <param name="BestSingleFamily">The kind of the best candidate that is no blend.</param>
/// <param name="PlainestFamily">The simplest kind within one standard error of the best single candidate.</param>
/// <param name="RocAuc">On the rows left out.</param>
/// <param name="AveragePrecision">On the rows left out.</param>
/// <param name="LogLoss">On the rows left out.</param>
/// <param name="BrierScore">On the rows left out.</param>
public sealed record NestedFold(
    int Repetition,
    int Fold,
    string Chosen,
    ModelFamily ChosenFamily,
    ModelFamily BestSingleFamily,
    ModelFamily PlainestFamily,
    double RocAuc,
    double AveragePrecision,
    double LogLoss,
    double BrierScore);
