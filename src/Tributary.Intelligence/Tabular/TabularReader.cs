using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Tabular;

/// <summary>
/// Reads a table of a known format. A record with too few fields is joined with the line after it, because a published copy of the Taiwan
/// set breaks its first record inside a number; anything else that does not fit is refused with its line. Empty lines are skipped.
/// </summary>
public static class TabularReader
{
    /// <summary>Characters of a line at most.</summary>
    public const int MaxLineLength = 65_536;

    /// <summary>Records of a file at most.</summary>
    public const int MaxRows = 20_000_000;

    /// <summary>Reads files one after another as one table; those whose name ends in ".gz" are decompressed.</summary>
    public static Result<TabularTable, Refusal> ReadFiles(TabularFormat format, params IReadOnlyList<string> paths)
    {
        var cells = new Cells(format);
        foreach (var path in paths)
        {
            try
            {
                using var file = File.OpenRead(path);
                using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
                using var reader = new StreamReader(stream);
                if (ReadCells(reader, format, cells) is { } fault)
                    return fault with { Field = $"{Path.GetFileName(path)}, {fault.Field}" };
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                return new Refusal(Path.GetFileName(path), e.Message);
            }
        }

        return Build(format, cells);
    }

    /// <summary>Reads text.</summary>
    public static Result<TabularTable, Refusal> Read(TextReader reader, TabularFormat format)
    {
        var cells = new Cells(format);
        return ReadCells(reader, format, cells) is { } fault ? fault : Build(format, cells);
    }

    private static Refusal? ReadCells(TextReader reader, TabularFormat format, Cells cells)
    {
        var lines = new LineReader(reader, format);
        if (FindPlaces(lines, format) is not { } places)
            return lines.Fault ?? new Refusal("header", $"The header does not name the columns of '{format.Name}'.");

        var (columns, texts) = (cells.Columns, cells.Texts);
        while (lines.Next(places.FieldCount) is { } fields)
        {
            if (++cells.Rows > MaxRows)
                return new Refusal($"line {lines.Number}", $"There are more than {MaxRows} records.");
            for (var column = 0; column < columns.Length; column++)
            {
                var text = fields[places.Places[column]];
                var isMissing = text.Length == 0 || format.MissingTexts.Contains(text, StringComparer.Ordinal);
                switch (format.Columns[column].Role)
                {
                    case ColumnRole.Numeric:
                        var value = float.NaN;
                        if (!isMissing && !float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
                            return new Refusal($"line {lines.Number}", $"'{format.Columns[column].Name}' is '{Shorten(text)}', not a number.");
                        columns[column].Add(value);
                        break;
                    case ColumnRole.Categorical:
                        texts[column].Add(isMissing ? null : text);
                        break;
                    case ColumnRole.Label:
                        // Adult's second file ends its labels with a full stop.
                        var label = text.TrimEnd('.');
                        var isPositive = label.Equals(format.PositiveLabel, StringComparison.Ordinal);
                        if (!isPositive && !label.Equals(format.NegativeLabel, StringComparison.Ordinal))
                            return new Refusal($"line {lines.Number}", $"The label is '{Shorten(text)}', not '{format.PositiveLabel}' or '{format.NegativeLabel}'.");
                        columns[column].Add(isPositive ? 1 : 0);
                        break;
                    default:
                        break;
                }
            }
        }

        cells.Joined += lines.Joined;
        return lines.Fault;
    }

    private static Result<TabularTable, Refusal> Build(TabularFormat format, Cells cells)
    {
        if (cells.Rows == 0)
            return new Refusal("file", "There is no record.");
        var (columns, texts) = (cells.Columns, cells.Texts);
        var features = Enumerable.Range(0, columns.Length).Where(column => format.Columns[column].Role is ColumnRole.Numeric or ColumnRole.Categorical).ToArray();
        var names = new ImmutableArray<string>[features.Length];
        var values = new float[features.Length][];
        for (var feature = 0; feature < features.Length; feature++)
        {
            var column = features[feature];
            names[feature] = [];
            if (format.Columns[column].Role == ColumnRole.Numeric)
            {
                values[feature] = [.. columns[column]];
                continue;
            }

            names[feature] = [.. texts[column].Where(text => text is not null).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)!];
            if (names[feature].Length > CategoryCode.Limit)
                return new Refusal(format.Columns[column].Name, $"There are more than {CategoryCode.Limit} categories.");
            var codes = names[feature].Select((name, code) => (name, code)).ToDictionary(pair => pair.name, pair => (float)pair.code, StringComparer.Ordinal);
            values[feature] = [.. texts[column].Select(text => text is null ? float.NaN : codes[text])];
        }

        var schema = new FeatureSchema(
            [.. features.Select(column => format.Columns[column].Name)],
            [.. features.Select(column => format.Columns[column].Role == ColumnRole.Numeric ? FeatureKind.Numeric : FeatureKind.Categorical)]);
        var label = format.Columns.Select((column, index) => (column, index)).First(pair => pair.column.Role == ColumnRole.Label).index;
        return new TabularTable(format.Name, new FeatureMatrix(schema, values), [.. columns[label]], [.. names], cells.Joined);
    }

    /// <summary>Where each column of the format is in a record, and how many fields a record has; null when the header lacks one.</summary>
    private static (int[] Places, int FieldCount)? FindPlaces(LineReader lines, TabularFormat format)
    {
        if (!format.HasHeader)
            return ([.. Enumerable.Range(0, format.Columns.Length)], format.Columns.Length);
        if (lines.Next(fieldCount: 0) is not { } header)
            return null;
        var places = format.Columns.Select(column => header.FindIndex(name => name.Equals(column.Name, StringComparison.Ordinal))).ToArray();
        return places.Contains(-1) ? null : (places, header.Count);
    }

    /// <summary>The next line; null at the end or where it is too long.</summary>
    internal static string? ReadLine(TextReader reader) => reader.ReadLine() is { Length: <= MaxLineLength } line ? line : null;

    /// <summary>Fields between separators; a field in double quotes may hold separators, and a doubled quote for one; spaces that separate may be several.</summary>
    internal static List<string> Split(string line, char separatedBy, int capacity = 0)
    {
        var fields = new List<string>(capacity);
        for (var at = 0; at <= line.Length;)
        {
            if (at < line.Length && line[at] == '"')
            {
                var end = at + 1;
                while (end < line.Length && (line[end] != '"' || (end + 1 < line.Length && line[end + 1] == '"')))
                    end += line[end] == '"' ? 2 : 1;
                end = Math.Min(end, line.Length);
                fields.Add(line[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
                var next = line.IndexOf(separatedBy, Math.Min(end + 1, line.Length));
                at = next < 0 ? line.Length + 1 : next + 1;
                continue;
            }

            var separator = line.IndexOf(separatedBy, at);
            var stop = separator < 0 ? line.Length : separator;
            if (stop > at || separatedBy != ' ')
                fields.Add(line[at..stop].Trim());
            at = stop + 1;
        }

        return fields;
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    /// <summary>What was read so far: numbers and labels in columns, categories as texts.</summary>
    private sealed class Cells(TabularFormat format)
    {
        public List<float>[] Columns { get; } = [.. format.Columns.Select(_ => new List<float>())];

        public List<string?>[] Texts { get; } = [.. format.Columns.Select(_ => new List<string?>())];

        public int Rows { get; set; }

        public int Joined { get; set; }
    }

    /// <summary>Reads records of fields.</summary>
    private sealed class LineReader(TextReader reader, TabularFormat format)
    {
        /// <summary>The line last read, from 1.</summary>
        public int Number { get; private set; }

        public int Joined { get; private set; }

        public Refusal? Fault { get; private set; }

        /// <summary>The next record's fields; null at the end or at a fault. A count of 0 takes any number.</summary>
        public List<string>? Next(int fieldCount)
        {
            string? line;
            do
            {
                line = ReadLine();
            }
            while (line is not null && string.IsNullOrWhiteSpace(line));
            if (line is null)
                return null;

            var fields = Split(line, format.Separator, format.Columns.Length);
            if (fieldCount > 0 && fields.Count < fieldCount && ReadLine() is { } rest)
            {
                fields = Split(line + rest, format.Separator, format.Columns.Length);
                Joined++;
            }

            if (fieldCount == 0 || fields.Count == fieldCount)
                return fields;
            Fault ??= new Refusal($"line {Number}", $"The record has {fields.Count} fields, not {fieldCount}.");
            return null;
        }

        private string? ReadLine()
        {
            if (Fault is not null || reader.ReadLine() is not { } line)
                return null;
            Number++;
            if (line.Length <= MaxLineLength)
                return line;
            Fault = new Refusal($"line {Number}", $"The line is longer than {MaxLineLength} characters.");
            return null;
        }
    }
}
