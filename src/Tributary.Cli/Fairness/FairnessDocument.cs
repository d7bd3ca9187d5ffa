using Tributary.Intelligence.Fairness;

namespace Tributary.Cli.Fairness;

/// <summary>What <c>model fairness --json</c> prints. Without training there is one audit, in <paramref name="Before"/>.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rows">Rows that were judged.</param>
/// <param name="RocAucBefore">Area under the ROC curve before reweighing.</param>
/// <param name="RocAucAfter">And after.</param>
/// <param name="Before">The audit before reweighing.</param>
/// <param name="After">The audit after.</param>
/// <param name="CostPerThousand">What reweighing costs per 1,000 rows, in minor units.</param>
internal sealed record FairnessDocument(
    string Table, int Rows, double? RocAucBefore, double? RocAucAfter, AuditDocument Before, AuditDocument? After, MetricDocument? CostPerThousand)
{
    internal static FairnessDocument Of(FairnessStudyReport study) => new(
        study.Table, study.TestRows, study.AucBefore, study.AucAfter, AuditDocument.Of(study.Before), AuditDocument.Of(study.After), MetricDocument.Of(study.CostPerThousand));

    internal static FairnessDocument Of(string table, int rows, FairnessReport report) =>
        new(table, rows, RocAucBefore: null, RocAucAfter: null, AuditDocument.Of(report), After: null, CostPerThousand: null);
}
