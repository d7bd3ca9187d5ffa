namespace Tributary.Payments.Search;

/// <summary>One condition of a search.</summary>
/// <param name="Field">The field.</param>
/// <param name="Key">Of metadata, the key.</param>
/// <param name="Operator">":", "~", "&gt;", "&lt;", "&gt;=" or "&lt;=".</param>
/// <param name="Value">What is asked for; null asks for what is not there.</param>
/// <param name="IsNegated">The opposite.</param>
public sealed record SearchClause(SearchField Field, string? Key, string Operator, string? Value, bool IsNegated);
