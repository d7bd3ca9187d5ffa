namespace Tributary.Intelligence.Policy.Schema;

/// <summary>A list that analysts keep beside the policies, such as trusted cards.</summary>
/// <param name="Name">In snake case.</param>
/// <param name="Attribute">The text attribute that the list is about: <c>in list(trusted)</c> asks for this one.</param>
public sealed record ListDefinition(string Name, string Attribute);
