using Tributary.Intelligence.Evaluation;
using Tributary.Intelligence.Models;
using Tributary.Intelligence.Selection;
using Tributary.Intelligence.Tabular;
using Tributary.Intelligence.Training;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Fairness;

/// <summary>Trains a model with and without reweighing and audits both. Neither sees the protected attribute; deterministic.</summary>
public static class FairnessStudy
{
    private const int Folds = 5;
    private const int TestFold = 0;
    private const int ValidationFold = 1;

    /// <summary>Runs the study. Refused: a table without the attribute.</summary>
    public static Result<FairnessStudyReport, Refusal> Run(TabularTable table, FairnessStudyOptions options, CancellationToken cancellationToken)
    {
        if (!AuditTable.Create(table, options.Attribute, options.Bands).TryGet(out var rows, out var refusal))
            return refusal;

        var folds = new StratifiedFolds(rows.Y, Folds, options.FoldSeed);
        var (test, validation) = (rows.Select(folds.Test(TestFold)), rows.Select(folds.Test(ValidationFold)));
        var train = rows.Select([.. folds.Train(TestFold).Except(folds.Test(ValidationFold))]);
        if ((OneClass(train.Y) ?? OneClass(validation.Y) ?? OneClass(test.Y)) is { } tooFew)
            return tooFew;
        var before = Audit([]);
        var after = Audit(Reweighing.Weights(train.Y, train.Protected));
        return before.Report.Then<FairnessStudyReport>(first => after.Report.Then<FairnessStudyReport>(second => new FairnessStudyReport(
            table.Name, test.Y.Length, before.Auc, after.Auc, first, second, PairedCost.Of(before.Values, after.Values, options.Replicates))));

        (Result<FairnessReport, Refusal> Report, double Auc, long[] Values) Audit(float[] weights)
        {
            var model = GbdtTrainer.Train(train.X, train.Y, options.Trees, weights, progress: null, cancellationToken);
            var threshold = options.Threshold ?? options.Value.BestThreshold(Scores(model, validation), validation.Y);
            var scores = Scores(model, test);
            var report = FairnessAudit.Run(
                scores, test.Y, test.Protected, new FairnessOptions(threshold, options.SelectedIsFavourable, options.Value) { Replicates = options.Replicates });
            return (report, new RankedOutcomes(scores, test.Y).RocAuc(), Values(scores, test, threshold, options.Value));
        }
    }

    private static Refusal? OneClass(float[] labels) =>
        labels.Any(static label => label > 0) && labels.Any(static label => label == 0)
            ? null
            : new Refusal("rows", "Training, validation and test each need rows of both labels; the table has too few.");

    // As the audit does, only of rows whose group is known.
    private static long[] Values(double[] scores, AuditTable rows, double threshold, OutcomeValue value)
    {
        var values = new List<long>(scores.Length);
        for (var row = 0; row < scores.Length; row++)
        {
            if (rows.Protected.GroupOfRow[row] != ProtectedColumn.UnknownGroup)
                values.Add(value.OfOne(isPositive: rows.Y[row] > 0, isSelected: scores[row] >= threshold));
        }

        return [.. values];
    }

    private static double[] Scores(GbdtModel model, AuditTable rows)
    {
        var scores = new double[rows.Y.Length];
        var row = new float[rows.X.Schema.Count];
        for (var i = 0; i < scores.Length; i++)
        {
            rows.X.CopyRow(i, row);
            scores[i] = model.Score(row);
        }

        return scores;
    }
}
