using Tributary.Intelligence.Data;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Training;

namespace Tributary.Intelligence.Benchmarks;

/// <summary>
/// A table in the shape of card payments: an amount, counts and averages of a card over three windows, counts and fraud rates of a terminal over three
/// windows, two flags; about seven positives in a thousand.
/// </summary>
internal static class PaymentTable
{
    public const int Features = 15;

    public static (FeatureMatrix X, float[] Y) Create(int rows, ulong seed = 1)
    {
        var generator = new SeededGenerator(seed);
        var columns = new float[Features][];
        for (var feature = 0; feature < Features; feature++)
            columns[feature] = new float[rows];
        var y = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var mean = 20 * Math.Exp(generator.NextNormal());
            var amount = mean * (1 + (.5 * Math.Abs(generator.NextNormal())));
            columns[0][row] = (float)Math.Round(amount, 2);
            var rate = 1 + generator.NextInt32(4);
            var risk = generator.NextInt32(40) == 0 ? generator.NextDouble() : 0;
            for (var window = 0; window < 3; window++)
            {
                var days = window == 0 ? 1 : window == 1 ? 7 : 30;
                columns[1 + (2 * window)][row] = 1 + generator.NextInt32(rate * days);
                columns[2 + (2 * window)][row] = (float)(mean * (1 + (.3 * generator.NextNormal() / Math.Sqrt(days))));
                var seen = generator.NextInt32((2 * days) + 1);
                columns[7 + (2 * window)][row] = seen;
                columns[8 + (2 * window)][row] = seen == 0 ? 0 : (float)Math.Round(risk * seen * generator.NextDouble()) / seen;
            }

            columns[13][row] = generator.NextInt32(7) < 2 ? 1 : 0;
            columns[14][row] = generator.NextInt32(4) == 0 ? 1 : 0;
            var logOdds = -6.2 + (amount > 220 ? 4 : 0) + (6 * columns[10][row]) + (3 * columns[12][row]) + (amount > 4 * mean ? 1.5 : 0) + (.4 * columns[14][row]);
            y[row] = generator.NextDouble() < Logistic.Probability(logOdds) ? 1 : 0;
        }

        return (new FeatureMatrix(FeatureSchema.Numeric([.. Enumerable.Range(0, Features).Select(feature => $"f{feature}")]), columns), y);
    }

    /// <summary>Rows one after another, as a stream brings them.</summary>
    public static float[][] Rows(FeatureMatrix x, int count)
    {
        var rows = new float[count][];
        for (var row = 0; row < count; row++)
        {
            rows[row] = new float[x.Schema.Count];
            x.CopyRow(row, rows[row]);
        }

        return rows;
    }
}
