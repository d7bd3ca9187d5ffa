namespace Tributary.Intelligence.Journal.Entries;

/// <summary>How much a feature moved a score.</summary>
/// <param name="Feature">The feature's place in the schema.</param>
/// <param name="Amount">What it added to the raw score (log-odds for a binary model).</param>
public readonly record struct Contribution(int Feature, float Amount);
