namespace Tributary.Intelligence.Training;

/// <summary>What early stopping watches on the rows held out.</summary>
public enum StoppingMetric
{
    /// <summary>The objective itself: log loss or mean squared error, lower is better.</summary>
    Loss,

    /// <summary>Area under the ROC curve, higher is better; binary only.</summary>
    RocAuc,

    /// <summary>Average precision, higher is better; binary only, and the one to watch when positives are rare.</summary>
    AveragePrecision,
}
