using Tributary.Intelligence.Journal.Entries;
using Tributary.Intelligence.Policy;

namespace Tributary.Intelligence.Decisions.Registry;

/// <summary>A policy that can be saved.</summary>
/// <param name="Policy">The policy, compiled.</param>
/// <param name="Entry">What is to be journalled; null when this text was saved before.</param>
public sealed record SavedPolicy(CompiledPolicy Policy, PolicySavedEntry? Entry);
