using System.Collections.Frozen;
using Tributary.Intelligence.Policy.Schema;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Policy.Evaluation;

/// <summary>The lists of a schema with what they hold at one moment; replaced as a whole when an analyst changes one.</summary>
public sealed class PolicyLists
{
    /// <summary>Entries of all lists together at most.</summary>
    public const int MaxEntries = 5_000_000;

    /// <summary>The longest entry, in characters.</summary>
    public const int MaxEntryLength = 256;

    private readonly FrozenSet<string>[] _lists;

    private PolicyLists(ulong version, FrozenSet<string>[] lists)
    {
        Version = version;
        _lists = lists;
    }

    /// <summary>The number of this state of the lists, as journalled with each decision.</summary>
    public ulong Version { get; }

    /// <summary>The lists of a schema without entries.</summary>
    public static PolicyLists Empty(PolicySchema schema) =>
        new(version: 0, [.. schema.Lists.Select(static _ => FrozenSet<string>.Empty)]);

    /// <summary>Takes the entries of each list; lists that are not named are empty. Refused: a list that the schema does not have, an entry that is empty or too long, too many entries.</summary>
    public static Result<PolicyLists, Refusal> Create(PolicySchema schema, ulong version, IReadOnlyDictionary<string, IReadOnlyCollection<string>> entries)
    {
        var lists = Empty(schema)._lists;
        var total = 0L;
        foreach (var (name, values) in entries)
        {
            var index = schema.IndexOfList(name);
            if (index < 0)
                return new Refusal(name, "There is no list of this name in the schema.");
            total += values.Count;
            if (total > MaxEntries)
                return new Refusal(name, $"All lists together hold at most {MaxEntries} entries.");
            foreach (var value in values)
            {
                if (value.Length is 0 or > MaxEntryLength)
                    return new Refusal(name, $"An entry has 1 to {MaxEntryLength} characters.");
            }

            lists[index] = values.ToFrozenSet(StringComparer.Ordinal);
        }

        return new PolicyLists(version, lists);
    }

    internal bool Contains(int list, string value) => _lists[list].Contains(value);
}
