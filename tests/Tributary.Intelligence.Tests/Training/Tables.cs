using Tributary.Intelligence.Data;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Tests.Training;

/// <summary>Small tables to learn from, drawn from a seed.</summary>
internal static class Tables
{
    /// <summary>
    /// Numeric features (one with few values, one with missing values that matter) and a categorical one, and labels that depend on them.
    /// </summary>
    public static (FeatureMatrix X, float[] Y) Mixed(int rows, ulong seed, double positiveLogOdds = -1)
    {
        var generator = new SeededGenerator(seed);
        var columns = Enumerable.Range(0, 6).Select(_ => new float[rows]).ToArray();
        var y = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            for (var feature = 0; feature < 4; feature++)
                columns[feature][row] = (float)generator.NextNormal();
            columns[3][row] = MathF.Round(columns[3][row]);
            var category = generator.NextInt32(12);
            columns[4][row] = category;
            var isMissing = generator.NextInt32(5) == 0;
            columns[5][row] = isMissing ? float.NaN : (float)generator.NextNormal();
            var logOdds = positiveLogOdds + columns[0][row] + (columns[1][row] * columns[2][row]) + (.5 * columns[3][row])
                + (category % 3 == 0 ? 1 : -.5) + (isMissing ? 1 : .3 * columns[5][row]);
            y[row] = generator.NextDouble() < 1 / (1 + Math.Exp(-logOdds)) ? 1 : 0;
        }

        var schema = new FeatureSchema(
            ["a", "b", "c", "steps", "category", "gaps"],
            [FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Numeric, FeatureKind.Categorical, FeatureKind.Numeric]);
        return (new FeatureMatrix(schema, columns), y);
    }

    /// <summary>One row of a table.</summary>
    public static float[] Row(FeatureMatrix x, int row)
    {
        var values = new float[x.Schema.Count];
        x.CopyRow(row, values);
        return values;
    }

    /// <summary>The score of every row.</summary>
    public static double[] Scores(Intelligence.Models.IModel model, FeatureMatrix x) =>
        [.. Enumerable.Range(0, x.RowCount).Select(row => model.Score(Row(x, row)))];
}
