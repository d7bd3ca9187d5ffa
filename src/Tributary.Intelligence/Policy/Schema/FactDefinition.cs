namespace Tributary.Intelligence.Policy.Schema;

/// <summary>A fact that comes with each decision beside the features.</summary>
/// <param name="Name">In snake case; unique among features and facts.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsPseudonym">True for an identity: the value must be a pseudonym, 32 to 64 lower-case hex digits, and anything else is refused.</param>
public sealed record FactDefinition(string Name, PolicyType Type, bool IsPseudonym = false);
