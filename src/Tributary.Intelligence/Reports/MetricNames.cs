namespace Tributary.Intelligence.Reports;

/// <summary>The names of metrics in reports, for programs; and in words, for people.</summary>
public static class MetricNames
{
    public const string RocAuc = "roc_auc";
    public const string AveragePrecision = "average_precision";
    public const string CardPrecision = "card_precision";
    public const string RecallAtTenthPercent = "recall_at_fpr_0.001";
    public const string LogLoss = "log_loss";
    public const string Brier = "brier";

    /// <summary>A metric's name in words.</summary>
    public static string InWords(string name) => name switch
    {
        RocAuc => "Area under the ROC curve",
        AveragePrecision => "Average precision",
        CardPrecision => "Card precision@k",
        RecallAtTenthPercent => "Recall at 0.1 % false positives",
        LogLoss => "Log loss",
        Brier => "Brier score",
        _ => name,
    };
}
