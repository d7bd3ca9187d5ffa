namespace Tributary.Intelligence.Fairness;

/// <summary>
/// Weights for training under which group and label are independent (Kamiran and Calders, 2012): <c>w = P(group) · P(label) / P(group, label)</c>. A model
/// learns from all rows as they are; the attribute itself it never sees. Deterministic.
/// </summary>
public static class Reweighing
{
    /// <summary>A weight per row; one for a row whose group is not known. The sum of the weights is the number of rows where every group has both labels.</summary>
    /// <param name="labels">1 or 0 per row.</param>
    /// <param name="column">The group of each row.</param>
    public static float[] Weights(ReadOnlySpan<float> labels, ProtectedColumn column)
    {
        if (labels.Length != column.GroupOfRow.Length)
            throw new ArgumentException($"{labels.Length} labels for {column.GroupOfRow.Length} rows.", nameof(labels));

        var cells = new long[column.Groups.Length, 2];
        long known = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            if (column.GroupOfRow[row] == ProtectedColumn.UnknownGroup)
                continue;
            cells[column.GroupOfRow[row], labels[row] > 0 ? 1 : 0]++;
            known++;
        }

        long[] byLabel = [0, 0];
        for (var group = 0; group < column.Groups.Length; group++)
        {
            byLabel[0] += cells[group, 0];
            byLabel[1] += cells[group, 1];
        }

        var weights = new float[labels.Length];
        for (var row = 0; row < weights.Length; row++)
        {
            var (group, label) = (column.GroupOfRow[row], labels[row] > 0 ? 1 : 0);
            weights[row] = group == ProtectedColumn.UnknownGroup
                ? 1
                : (float)((double)(cells[group, 0] + cells[group, 1]) * byLabel[label] / ((double)known * cells[group, label]));
        }

        return weights;
    }
}
