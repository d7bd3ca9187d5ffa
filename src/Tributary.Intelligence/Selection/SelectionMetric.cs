namespace Tributary.Intelligence.Selection;

/// <summary>What candidates are compared by; for each, higher is better.</summary>
public enum SelectionMetric
{
    /// <summary>Area under the ROC curve.</summary>
    RocAuc,

    /// <summary>Average precision: where positives are rare.</summary>
    AveragePrecision,

    /// <summary>Log loss with its sign turned: where the probabilities themselves are used.</summary>
    NegativeLogLoss,
}
