using System.Collections.Immutable;

namespace Tributary.Intelligence.Policy.Schema;

/// <summary>Something that a policy can ask about.</summary>
/// <param name="Name">The name that stands between colons in a policy.</param>
/// <param name="Type">Its type.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="Index">The place among the features or the facts.</param>
/// <param name="Categories">For a categorical feature: the category of each code.</param>
public sealed record PolicyAttribute(string Name, PolicyType Type, AttributeSource Source, int Index, ImmutableArray<string> Categories = default);
