using System.Collections.Immutable;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Fairness;

/// <summary>
/// The group that each row of an audit belongs to. It is of a type of its own, which nothing that scores or decides takes: it goes into audits and
/// into <see cref="Reweighing"/>.
/// </summary>
public sealed class ProtectedColumn
{
    /// <summary>Groups at most: beyond, intervals say nothing.</summary>
    public const int MaxGroups = 64;

    /// <summary>The group of a row whose group is not known.</summary>
    public const int UnknownGroup = -1;

    private readonly int[] _groupOfRow;

    private ProtectedColumn(ProtectedAttribute attribute, ImmutableArray<string> groups, int[] groupOfRow)
    {
        Attribute = attribute;
        Groups = groups;
        _groupOfRow = groupOfRow;
    }

    /// <summary>The attribute.</summary>
    public ProtectedAttribute Attribute { get; }

    /// <summary>The groups' names.</summary>
    public ImmutableArray<string> Groups { get; }

    /// <summary>The group of each row, or <see cref="UnknownGroup"/>.</summary>
    public ReadOnlySpan<int> GroupOfRow => _groupOfRow;

    /// <summary>Takes a column; not copied. Refused: fewer than two or too many groups, a name twice, a row of a group that there is not.</summary>
    public static Result<ProtectedColumn, Refusal> Create(ProtectedAttribute attribute, ImmutableArray<string> groups, int[] groupOfRow)
    {
        if (groups.Length is < 2 or > MaxGroups || groups.Distinct(StringComparer.Ordinal).Count() != groups.Length)
            return new Refusal("groups", $"An attribute has 2 to {MaxGroups} groups, each named once.");
        for (var row = 0; row < groupOfRow.Length; row++)
        {
            if (groupOfRow[row] < UnknownGroup || groupOfRow[row] >= groups.Length)
                return new Refusal($"rows[{row}].group", $"{groupOfRow[row]} is not one of the {groups.Length} groups, and not {UnknownGroup} for unknown.");
        }

        return new ProtectedColumn(attribute, groups, groupOfRow);
    }

    /// <summary>The rows named, in that order.</summary>
    public ProtectedColumn Select(ReadOnlySpan<int> rows)
    {
        var selected = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            selected[i] = _groupOfRow[rows[i]];
        return new ProtectedColumn(Attribute, Groups, selected);
    }
}
