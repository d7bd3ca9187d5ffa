using Tributary.Intelligence.Data;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>Payments with their features and scores.</summary>
/// <param name="History">The payments, with the model's codes of categories.</param>
/// <param name="Features">A row for each payment.</param>
/// <param name="Scores">A score for each payment.</param>
public sealed record ScoredHistory(IPaymentHistory History, FeatureMatrix Features, double[] Scores)
{
    /// <summary>Scores every payment in the order of time, as a stream would have.</summary>
    /// <param name="model">The model.</param>
    /// <param name="history">The payments.</param>
    /// <param name="time">Measures the time.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Result<ScoredHistory, Refusal> Of(
        FraudModel model, IPaymentHistory history, TimeProvider time, IProgress<ProtocolProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var meter = new ProgressMeter(progress, time);
        var recoded = model.Recode(history);
        if (!HistoryTable.Compute(recoded, model.Features, 0, recoded.Count, share => meter.Report("features", 0.8, share), cancellationToken).TryGet(out var features, out var refusal))
            return refusal;
        meter.Finish("features", 0.8);
        var scores = HistoryTable.Score(model.File.Model, features);
        meter.Finish("scoring", 0.2);
        return new ScoredHistory(recoded, features, scores);
    }
}
