namespace Tributary.Intelligence.Decisions.Rails;

/// <summary>What a verdict does on one rail at one decision point.</summary>
/// <param name="Action">What is done.</param>
/// <param name="HoldAtMost">How long at most, where something is held; then <paramref name="AfterHold"/> happens.</param>
/// <param name="AfterHold">What happens when nobody decided in time.</param>
/// <param name="Note">What it means, for analysts.</param>
public sealed record RailTreatment(RailAction Action, TimeSpan? HoldAtMost, RailAction? AfterHold, string Note);
