namespace Tributary.Intelligence.Data;

/// <summary>
/// Rows of features, stored by column: <c>RowCount × Schema.Count</c> floats, NaN where a value is missing.
/// Floats are fit for features; money stays an integer until it becomes one.
/// </summary>
public sealed class FeatureMatrix
{
    private readonly float[][] _columns;

    /// <param name="schema">The features.</param>
    /// <param name="columns">A column per feature, all of one length; not copied.</param>
    public FeatureMatrix(FeatureSchema schema, float[][] columns)
    {
        if (columns.Length != schema.Count)
            throw new ArgumentException($"The schema has {schema.Count} features, the table {columns.Length} columns.", nameof(columns));
        if (columns.Length > 0 && columns.Any(column => column.Length != columns[0].Length))
            throw new ArgumentException("The columns differ in length.", nameof(columns));
        Schema = schema;
        _columns = columns;
        RowCount = columns.Length > 0 ? columns[0].Length : 0;
    }

    /// <summary>The features, in the order of a row.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>Rows.</summary>
    public int RowCount { get; }

    /// <summary>One feature of every row.</summary>
    public ReadOnlySpan<float> Column(int feature) => _columns[feature];

    /// <summary>Copies one row, <c>Schema.Count</c> values.</summary>
    public void CopyRow(int row, Span<float> destination)
    {
        for (var feature = 0; feature < _columns.Length; feature++)
            destination[feature] = _columns[feature][row];
    }

    /// <summary>The rows named, in that order.</summary>
    public FeatureMatrix Select(ReadOnlySpan<int> rows)
    {
        var columns = new float[_columns.Length][];
        for (var feature = 0; feature < columns.Length; feature++)
        {
            var source = _columns[feature];
            var column = columns[feature] = new float[rows.Length];
            for (var i = 0; i < rows.Length; i++)
                column[i] = source[rows[i]];
        }

        return new FeatureMatrix(Schema, columns);
    }
}
