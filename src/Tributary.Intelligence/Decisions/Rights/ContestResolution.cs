using Tributary.Intelligence.Journal.Entries;

namespace Tributary.Intelligence.Decisions.Rights;

/// <summary>What is to be journalled when a person decides a contest.</summary>
/// <param name="Resolved">The decision of the person.</param>
/// <param name="Label">What it says about the payment, for models and reports; null when the decision stands.</param>
public sealed record ContestResolution(ContestResolvedEntry Resolved, LabelEntry? Label);
