using Tributary.Intelligence.Data;
using Tributary.Intelligence.Features;
using Tributary.Intelligence.Features.Definitions;
using Tributary.Intelligence.Models;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols;

/// <summary>Turns a history into tables: features by the store that serves, labels, scores.</summary>
internal static class HistoryTable
{
    private const int RowsPerReport = 16_384;

    /// <summary>The features of the payments from one row on; the store sees those before it too.</summary>
    public static Result<FeatureMatrix, Refusal> Compute(
        IPaymentHistory history, FeatureSet features, int firstRow, int endRow, Action<double> progress, CancellationToken cancellationToken)
    {
        var builder = new FeatureTableBuilder(new FeatureStore(features), endRow - firstRow);
        for (var row = 0; row < endRow; row++)
        {
            if (row + FeatureStore.PaymentsAhead < endRow)
                builder.Anticipate(history.Payment(row + FeatureStore.PaymentsAhead));
            if (!builder.Add(history.Payment(row), history.IsFraud(row) ? Outcome.Fraud : Outcome.Legitimate, row >= firstRow).TryGet(out _, out var refusal))
                return refusal;
            if (row % RowsPerReport != 0)
                continue;
            cancellationToken.ThrowIfCancellationRequested();
            progress(row / (double)endRow);
        }

        return builder.ToMatrix();
    }

    /// <summary>1 for each payment that is fraud.</summary>
    public static float[] Labels(IPaymentHistory history, int firstRow, int endRow)
    {
        var labels = new float[endRow - firstRow];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = history.IsFraud(firstRow + i) ? 1 : 0;
        return labels;
    }

    /// <summary>The score of every row.</summary>
    public static double[] Score(IModel model, FeatureMatrix features)
    {
        var scores = new double[features.RowCount];
        var row = new float[features.Schema.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            features.CopyRow(i, row);
            scores[i] = model.Score(row);
        }

        return scores;
    }

    /// <summary>Whether there are payments with and without fraud.</summary>
    public static bool HasBothClasses(IPaymentHistory history, int firstRow, int endRow)
    {
        var frauds = 0;
        for (var row = firstRow; row < endRow; row++)
            frauds += history.IsFraud(row) ? 1 : 0;
        return frauds > 0 && frauds < endRow - firstRow;
    }
}
