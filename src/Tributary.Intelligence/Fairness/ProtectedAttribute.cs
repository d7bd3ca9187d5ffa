using System.Collections.Immutable;

namespace Tributary.Intelligence.Fairness;

/// <summary>A property of people that decisions must not rest on: known for audits and for reweighing, never when a decision is taken.</summary>
/// <param name="Name">In snake case, such as <c>sex</c>.</param>
/// <param name="Aliases">Other names that columns for it have, such as <c>gender</c> or <c>is_female</c>.</param>
public sealed record ProtectedAttribute(string Name, ImmutableArray<string> Aliases)
{
    /// <summary>An attribute without other names.</summary>
    public static ProtectedAttribute Named(string name, params ReadOnlySpan<string> aliases) => new(name, [.. aliases]);

    /// <summary>True when a column's name holds the attribute's name or an alias as whole words: <c>sex</c>, <c>sex_male</c>, <c>applicant_sex</c>, not <c>sextant</c>.</summary>
    public bool IsNamedBy(string column) => HoldsWords(column, Name) || Aliases.Any(alias => HoldsWords(column, alias));

    private static bool HoldsWords(string column, string words)
    {
        var start = 0;
        while ((start = column.IndexOf(words, start, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            var end = start + words.Length;
            if ((start == 0 || !char.IsLetterOrDigit(column[start - 1])) && (end == column.Length || !char.IsLetterOrDigit(column[end])))
                return true;
            start = end;
        }

        return false;
    }
}
