using System.Collections.Immutable;
using System.IO.Compression;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Tabular;

/// <summary>
/// Finds out how a file that is no published one is written down: the separator from its header, a quantity where all values of a column are numbers,
/// else a category. A format found on one file reads others of the same columns.
/// </summary>
public static class TabularInference
{
    private static readonly ImmutableArray<char> Separators = [',', ';', '\t', '|'];
    private static readonly ImmutableArray<string> Missing = ["NA", "NaN", "nan", "null", "NULL", "?"];

    /// <summary>
    /// Finds the format. Refused, by name: a file that cannot be read or has no header, a column that it does not have, a label with one or more than two
    /// values.
    /// </summary>
    /// <param name="path">The file; one that ends in ".gz" is decompressed.</param>
    /// <param name="label">The column to be predicted.</param>
    /// <param name="positive">The label's text for a positive; null for the later of its two texts in ordinal order ("1", "yes", "true").</param>
    /// <param name="categorical">Columns that are categories although their values are numbers.</param>
    /// <param name="ignored">Columns that are no features, such as identifiers.</param>
    public static Result<TabularFormat, Refusal> Infer(
        string path, string label, string? positive = null, IReadOnlyCollection<string>? categorical = null, IReadOnlyCollection<string>? ignored = null)
    {
        if (!ReadHeader(path).TryGet(out var header, out var refusal))
            return refusal;
        foreach (var column in (IEnumerable<string>)[label, .. categorical ?? [], .. ignored ?? []])
        {
            if (!header.Names.Contains(column, StringComparer.Ordinal))
                return new Refusal(column, $"The file has no such column; it has {string.Join(", ", header.Names)}.");
        }

        var ids = (ignored ?? []).ToHashSet(StringComparer.Ordinal);
        if (header.Names.All(name => ids.Contains(name) || name.Equals(label, StringComparison.Ordinal)))
            return new Refusal("columns", "There is no feature beside the label.");
        var scan = new ColumnScan(header.Names.Length);
        if (Scan(path, header.Separator, scan) is { } fault)
            return fault;

        var place = header.Names.IndexOf(label);
        var texts = scan.Texts(place);
        if (texts.Length != 2)
            return new Refusal(label, $"A label has two values; this column has {(scan.HasMany(place) ? "more" : texts.Length)}.");
        var chosen = positive ?? texts[1];
        if (!texts.Contains(chosen, StringComparer.Ordinal))
            return new Refusal(label, $"The positive \"{chosen}\" is neither \"{texts[0]}\" nor \"{texts[1]}\".");

        var forced = (categorical ?? []).ToHashSet(StringComparer.Ordinal);
        var columns = header.Names.Select((name, i) => new TabularColumn(
            name,
            i == place ? ColumnRole.Label
            : ids.Contains(name) ? ColumnRole.Ignored
            : scan.IsNumeric(i) && !forced.Contains(name) ? ColumnRole.Numeric
            : ColumnRole.Categorical));
        return new TabularFormat(
            Path.GetFileName(path), header.Separator, HasHeader: true, [.. columns], chosen, texts.First(text => !text.Equals(chosen, StringComparison.Ordinal)), Missing);
    }

    private static Result<(char Separator, ImmutableArray<string> Names), Refusal> ReadHeader(string path)
    {
        try
        {
            using var reader = Open(path);
            if (TabularReader.ReadLine(reader) is not { } line)
                return new Refusal("header", "The file is empty, or its first line is too long.");
            var separator = Separators.MaxBy(candidate => line.Count(letter => letter == candidate));
            var names = TabularReader.Split(line, separator);
            if (names.Count < 2 || names.Any(static name => name.Length == 0) || names.Distinct(StringComparer.Ordinal).Count() != names.Count)
                return new Refusal("header", "The first line names two or more columns, each by a name of its own.");
            return (separator, [.. names]);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new Refusal(Path.GetFileName(path), e.Message);
        }
    }

    private static Refusal? Scan(string path, char separator, ColumnScan scan)
    {
        try
        {
            using var reader = Open(path);
            _ = TabularReader.ReadLine(reader);
            while (TabularReader.ReadLine(reader) is { } line)
            {
                if (!string.IsNullOrWhiteSpace(line))
                    scan.Take(TabularReader.Split(line, separator), Missing);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return new Refusal(Path.GetFileName(path), e.Message);
        }
    }

    private static StreamReader Open(string path)
    {
        var file = File.OpenRead(path);
        return new StreamReader(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file);
    }
}
