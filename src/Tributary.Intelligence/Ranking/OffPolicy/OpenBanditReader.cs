using System.Globalization;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Ranking.OffPolicy;

/// <summary>
/// Reads a log in the format of the Open Bandit Dataset (Saito et al., 2020): comma-separated with a header, of which the columns
/// <c>item_id</c>, <c>click</c> and <c>propensity_score</c> are used, in any order.
/// </summary>
public static class OpenBanditReader
{
    /// <summary>Rows read at most.</summary>
    public const int MaxRows = 20_000_000;

    /// <summary>The longest line taken, in characters.</summary>
    public const int MaxLineLength = 64 * 1024;

    /// <summary>Reads to the end. Refused with line and column: a header without the columns, a value that is no number, a line too long.</summary>
    /// <param name="reader">The uncompressed text.</param>
    /// <param name="actionCount">Items that could be shown; the men's campaign has 34.</param>
    public static Result<LoggedChoices, Refusal> Read(TextReader reader, int actionCount)
    {
        var line = reader.ReadLine();
        if (line is null)
            return new Refusal("line 1", "The file is empty.");

        var header = line.Split(',');
        var (item, click, propensity) = (Array.IndexOf(header, "item_id"), Array.IndexOf(header, "click"), Array.IndexOf(header, "propensity_score"));
        if (item < 0 || click < 0 || propensity < 0)
            return new Refusal("line 1", "The header must name item_id, click and propensity_score.");

        List<int> actions = [];
        List<double> propensities = [], rewards = [];
        for (var number = 2; (line = reader.ReadLine()) is not null; number++)
        {
            if (line.Length > MaxLineLength)
                return new Refusal($"line {number}", $"The line has {line.Length} characters, {MaxLineLength} are possible.");
            if (actions.Count == MaxRows)
                return new Refusal($"line {number}", $"The log has more than {MaxRows} rows.");
            if (line.Length == 0)
                continue;
            if (!TryField(line, item, out var field) || !int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var action))
                return new Refusal($"line {number}, column item_id", "Not an item's number.");
            if (!TryField(line, click, out field) || !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var reward))
                return new Refusal($"line {number}, column click", "Not a number.");
            if (!TryField(line, propensity, out field) || !double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var probability))
                return new Refusal($"line {number}, column propensity_score", "Not a number.");
            actions.Add(action);
            rewards.Add(reward);
            propensities.Add(probability);
        }

        return LoggedChoices.Create(actionCount, [.. actions], [.. propensities], [.. rewards]);
    }

    private static bool TryField(string line, int column, out ReadOnlySpan<char> field)
    {
        field = default;
        var index = 0;
        foreach (var range in line.AsSpan().Split(','))
        {
            if (index++ == column)
            {
                field = line.AsSpan(range);
                return true;
            }
        }

        return false;
    }
}
