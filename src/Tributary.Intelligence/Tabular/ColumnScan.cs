using System.Collections.Immutable;
using System.Globalization;

namespace Tributary.Intelligence.Tabular;

/// <summary>What the columns of a file hold: whether all are numbers, and the first few texts of each.</summary>
internal sealed class ColumnScan
{
    private const int TextsKept = 3;

    private readonly SortedSet<string>[] _texts;
    private readonly bool[] _isText;
    private readonly bool[] _hasValue;

    public ColumnScan(int columns)
    {
        _texts = new SortedSet<string>[columns];
        for (var i = 0; i < columns; i++)
            _texts[i] = new SortedSet<string>(StringComparer.Ordinal);
        _isText = new bool[columns];
        _hasValue = new bool[columns];
    }

    /// <summary>Takes a record; what it has too many or too few of, the reader refuses with its line.</summary>
    public void Take(List<string> fields, ImmutableArray<string> missing)
    {
        for (var i = 0; i < Math.Min(fields.Count, _texts.Length); i++)
        {
            if (fields[i].Length == 0 || missing.Contains(fields[i], StringComparer.Ordinal))
                continue;
            _hasValue[i] = true;
            _isText[i] = _isText[i] || !float.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            if (_texts[i].Count < TextsKept)
                _texts[i].Add(fields[i]);
        }
    }

    /// <summary>True where every value is a number and there is one.</summary>
    public bool IsNumeric(int column) => _hasValue[column] && !_isText[column];

    /// <summary>True where there are more texts than are kept.</summary>
    public bool HasMany(int column) => _texts[column].Count == TextsKept;

    /// <summary>The texts, at most three, in ordinal order.</summary>
    public ImmutableArray<string> Texts(int column) => [.. _texts[column]];
}
