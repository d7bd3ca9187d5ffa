using Tributary.Intelligence.Policy;
using Tributary.Primitives.Bytes;

namespace Tributary.Intelligence.Journal.Entries;

/// <summary>What a policy in shadow would have decided.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Verdict">Its verdict.</param>
/// <param name="Rule">The rule that decided; −1 for none.</param>
public readonly record struct ShadowDecision(Bytes32 Policy, Verdict Verdict, int Rule);
