using System.Globalization;

namespace Tributary.Server.Greenfield.Frame;

/// <summary>Reads what the address says. Some clients put it into the body of a GET instead: what the address does not say, the body may.</summary>
internal sealed class GreenfieldQuery(IQueryCollection query, GreenfieldBody body, List<GreenfieldProblem> problems, GreenfieldRecord? record)
{
    private const int ValuesMax = 200;

    public string? Text(string name, int lengthMax)
    {
        Note(name, "string", false);
        if (!query.TryGetValue(name, out var values) || values.Count == 0)
            return record is null && body.Has(name) ? body.Text(name, lengthMax) : null;
        var text = values[^1] ?? "";
        if (text.Length <= lengthMax)
            return text;
        problems.Add(new GreenfieldProblem(name, $"At most {lengthMax.ToString(CultureInfo.InvariantCulture)} characters."));
        return null;
    }

    /// <summary>The values of a key that may stand more than once.</summary>
    public IReadOnlyList<string> Texts(string name, int lengthMax)
    {
        Note(name, "string", true);
        if (!query.TryGetValue(name, out var values))
            return record is null && body.Has(name) ? body.Texts(name, lengthMax, ValuesMax) ?? [] : [];
        if (values.Count > ValuesMax || values.Any(value => value is { } text && text.Length > lengthMax))
        {
            problems.Add(new GreenfieldProblem(name, $"At most {ValuesMax.ToString(CultureInfo.InvariantCulture)} values of {lengthMax.ToString(CultureInfo.InvariantCulture)} characters."));
            return [];
        }

        return [.. values.Where(static value => value is { Length: > 0 }).Select(static value => value!)];
    }

    public bool? Flag(string name)
    {
        Note(name, "boolean", false);
        if (!query.TryGetValue(name, out var values) || values.Count == 0)
            return record is null && body.Has(name) ? body.Flag(name) : null;
        if (bool.TryParse(values[^1], out var flag))
            return flag;
        if (values[^1] is "1" or "0")
            return values[^1] is "1";
        problems.Add(new GreenfieldProblem(name, "True or false is expected."));
        return null;
    }

    public long? Integer(string name, long least, long most)
    {
        Note(name, "integer", false);
        if (!query.TryGetValue(name, out var values) || values.Count == 0)
            return record is null && body.Has(name) ? body.Integer(name, least, most) : null;
        if (long.TryParse(values[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        problems.Add(new GreenfieldProblem(name, $"A whole number from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)} is expected."));
        return null;
    }

    /// <summary>A time in Unix seconds.</summary>
    public DateTimeOffset? Time(string name) => Integer(name, 0, 253_402_300_799) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private void Note(string name, string type, bool isRepeated) => record?.Add(new GreenfieldRecord.Member(name, type, true) { IsRepeated = isRepeated });
}
