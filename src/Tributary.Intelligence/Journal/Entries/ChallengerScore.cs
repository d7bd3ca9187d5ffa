using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>What a challenger model scored.</summary>
/// <param name="Model">The model.</param>
/// <param name="Score">Its score; NaN where it failed.</param>
public readonly record struct ChallengerScore(Bytes32 Model, double Score);
