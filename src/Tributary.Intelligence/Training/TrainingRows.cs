using Tributary.Intelligence.Data;

namespace Tributary.Intelligence.Training;

/// <summary>Labels and weights, checked and prepared.</summary>
internal static class TrainingRows
{
    /// <summary>Throws when labels or weights do not fit the rows.</summary>
    public static void Check(FeatureMatrix x, ReadOnlySpan<float> y, ReadOnlySpan<float> weights, bool isBinary)
    {
        if (x.RowCount == 0 || x.Schema.Count == 0)
            throw new ArgumentException("There is nothing to learn from: the table is empty.", nameof(x));
        if (y.Length != x.RowCount)
            throw new ArgumentException($"{y.Length} labels for {x.RowCount} rows.", nameof(y));
        if (weights.Length != 0 && weights.Length != x.RowCount)
            throw new ArgumentException($"{weights.Length} weights for {x.RowCount} rows.", nameof(weights));
        for (var row = 0; row < y.Length; row++)
        {
            if (isBinary ? y[row] is not (0f or 1f) : !float.IsFinite(y[row]))
                throw new ArgumentException($"The label of row {row} is {y[row]}, not {(isBinary ? "0 or 1" : "finite")}.", nameof(y));
        }

        double total = 0;
        for (var row = 0; row < weights.Length; row++)
        {
            if (!(weights[row] >= 0) || !float.IsFinite(weights[row]))
                throw new ArgumentException($"The weight of row {row} is {weights[row]}, not finite and 0 or more.", nameof(weights));
            total += weights[row];
        }

        if (weights.Length > 0 && total == 0)
            throw new ArgumentException("Every weight is 0.", nameof(weights));
    }

    /// <summary>Row weights times class weights; empty when all are 1.</summary>
    /// <param name="y">Labels.</param>
    /// <param name="weights">Row weights, or empty.</param>
    /// <param name="positiveWeight">Multiplies positives.</param>
    /// <param name="balance">Whether both classes get the same sum of weights first.</param>
    public static float[] Weigh(ReadOnlySpan<float> y, ReadOnlySpan<float> weights, double positiveWeight, bool balance)
    {
        if (positiveWeight == 1 && !balance)
            return weights.ToArray();

        double positives = 0, negatives = 0;
        for (var row = 0; row < y.Length; row++)
        {
            var weight = weights.IsEmpty ? 1 : weights[row];
            positives += weight * y[row];
            negatives += weight * (1 - y[row]);
        }

        if (balance && positives > 0 && negatives > 0)
            positiveWeight *= negatives / positives;
        var result = new float[y.Length];
        for (var row = 0; row < y.Length; row++)
            result[row] = (weights.IsEmpty ? 1 : weights[row]) * (y[row] == 1 ? (float)positiveWeight : 1);
        return result;
    }

    /// <summary>Draws a share of the rows that are not held out, without replacement: each is kept with the share of those still wanted.</summary>
    /// <param name="included">Set to 1 for a row drawn, else 0.</param>
    /// <param name="heldOut">Rows never drawn; empty for none.</param>
    /// <param name="share">The share of the others.</param>
    /// <param name="generator">Draws.</param>
    public static void Draw(Span<byte> included, ReadOnlySpan<bool> heldOut, double share, ref SeededGenerator generator)
    {
        var left = included.Length - heldOut.Count(true);
        var wanted = Math.Max(1, (int)Math.Round(share * left));
        for (var row = 0; row < included.Length; row++)
        {
            included[row] = 0;
            if (!heldOut.IsEmpty && heldOut[row])
                continue;
            if (wanted == left || generator.NextInt32(left) < wanted)
            {
                included[row] = 1;
                wanted--;
            }

            left--;
        }
    }

    /// <summary>The rows of the class with fewer of them.</summary>
    public static int[] RarerClass(ReadOnlySpan<float> y)
    {
        var positives = 0;
        foreach (var label in y)
            positives += label == 1 ? 1 : 0;
        var rare = 2 * positives <= y.Length ? 1f : 0f;
        var rows = new List<int>(Math.Min(positives, y.Length - positives));
        for (var row = 0; row < y.Length; row++)
        {
            if (y[row] == rare)
                rows.Add(row);
        }

        return [.. rows];
    }

    /// <summary>The rows held out for early stopping, ascending; at least one and never all.</summary>
    public static int[] HoldOut(ReadOnlySpan<float> y, EarlyStopping stopping, GbdtOptions options)
    {
        if (y.Length < 2)
            throw new ArgumentException("Early stopping needs two rows or more.", nameof(y));
        if (stopping.HoldOutLast)
        {
            var count = Math.Clamp((int)Math.Round(stopping.HoldOutShare * y.Length), 1, y.Length - 1);
            return [.. Enumerable.Range(y.Length - count, count)];
        }

        var generator = new SeededGenerator(options.Seed, stream: ulong.MaxValue);
        var rows = new int[y.Length];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = row;
        generator.Shuffle<int>(rows);
        if (options.Objective == Objective.SquaredError)
            return Take(rows);

        var labels = y.ToArray();
        int[] positives = Take(Array.FindAll(rows, row => labels[row] == 1));
        int[] negatives = Take(Array.FindAll(rows, row => labels[row] == 0));
        return [.. positives.Concat(negatives).Order()];

        int[] Take(int[] from) => [.. from.Take(Math.Min((int)Math.Round(stopping.HoldOutShare * from.Length), from.Length - 1)).Order()];
    }
}
