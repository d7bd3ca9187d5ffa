namespace Tributary.Intelligence.Drift;

/// <summary>What the champion and the challenger say about one row. Only the champion's score decides; both are journalled.</summary>
/// <param name="Champion">The score that counts.</param>
/// <param name="Challenger">The score that is only kept; NaN when there is no challenger or it failed.</param>
public readonly record struct ShadowScores(double Champion, double Challenger);
