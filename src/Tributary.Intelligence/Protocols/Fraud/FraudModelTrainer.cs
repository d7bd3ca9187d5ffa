using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tributary.Intelligence.Drift;
using Tributary.Intelligence.Models.Files;
using Tributary.Intelligence.Protocols.TimeSplit;
using Tributary.Intelligence.Training;
using Tributary.Primitives.Results;

namespace Tributary.Intelligence.Protocols.Fraud;

/// <summary>
/// Trains a model for use: measured first on the last payments, by a model that has not seen them, then trained on all. What was measured, the
/// reference for drift, the features and where the data come from go into the file; no payment does.
/// </summary>
public static class FraudModelTrainer
{
    private const int MostTextBytes = 8_192;
    private const double FeatureShare = 0.25;
    private const double MeasureShare = 0.3;
    private const double TrainShare = 0.45;

    /// <summary>Trains a model.</summary>
    /// <param name="history">The payments.</param>
    /// <param name="options">Format, features, names, seed.</param>
    /// <param name="time">Stamps the file and measures the time left.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Result<ModelFile, Refusal> Train(
        IPaymentHistory history, FraudModelOptions options, TimeProvider time, IProgress<ProtocolProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var meter = new ProgressMeter(progress, time);
        if (TextOptions(history, options) is not { } texts)
            return new Refusal("features", $"or the categories take more than {MostTextBytes} bytes, which a model file can't hold");
        if (!HistoryTable.Compute(history, options.Features, 0, history.Count, share => meter.Report("features", FeatureShare, share), cancellationToken).TryGet(out var matrix, out var refusal))
            return refusal;
        meter.Finish("features", FeatureShare);

        var split = new TimeSplitOptions { Features = options.Features, Seed = options.Seed, Replicates = 1 };
        if (!TimeSplitProtocol.Run(history, matrix, split, share => meter.Report("measuring", MeasureShare, share), cancellationToken).TryGet(out var measured, out refusal))
            return refusal;
        meter.Finish("measuring", MeasureShare);

        var labels = HistoryTable.Labels(history, 0, history.Count);
        var training = FraudTraining.Options(history.Count, options.Seed);
        var model = GbdtTrainer.Train(
            matrix, labels, training, progress: new TrainingReporter(share => meter.Report("training", TrainShare, share)), cancellationToken: cancellationToken);
        meter.Finish("training", TrainShare);

        var lineage = new ModelLineage(
            time.GetUtcNow().ToUnixTimeSeconds(),
            options.DataName,
            TableHash.Compute(matrix, labels),
            history.Count,
            labels.Count(static label => label == 1),
            history.Payment(0).TimeMs / 1_000,
            history.Payment(history.Count - 1).TimeMs / 1_000,
            default,
            texts.AddRange(Describe(training)),
            measured.Metrics.ToImmutableSortedDictionary(static pair => pair.Key, static pair => pair.Value.Estimate, StringComparer.Ordinal));
        return new ModelFile(model, lineage, options.Card, DriftReference.Of(matrix, measured.Payments.Scores.AsSpan(), labels));
    }

    private static ImmutableSortedDictionary<string, string>? TextOptions(IPaymentHistory history, FraudModelOptions options)
    {
        var features = options.Features.ToString();
        var categories = string.Join('\n', history.Categories);
        if (Encoding.UTF8.GetByteCount(features) > MostTextBytes || Encoding.UTF8.GetByteCount(categories) > MostTextBytes)
            return null;
        var texts = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal)
            .Add(FraudModel.FormatOption, options.Format.Name)
            .Add(FraudModel.FeaturesOption, features);
        return history.Categories.IsEmpty ? texts : texts.Add(FraudModel.CategoriesOption, categories);
    }

    private static IEnumerable<KeyValuePair<string, string>> Describe(GbdtOptions training)
    {
        yield return Number("trees", training.TreeCount);
        yield return Number("leaves", training.MaxLeaves);
        yield return Number("learning_rate", training.LearningRate);
        yield return Number("l2", training.L2);
        yield return Number("least_rows_of_leaf", training.MinLeafRows);
        yield return Number("rare_class_bin_share", training.RareClassBinShare);
        yield return KeyValuePair.Create("seed", training.Seed.ToString(CultureInfo.InvariantCulture));

        static KeyValuePair<string, string> Number(string name, double value) => KeyValuePair.Create(name, value.ToString("R", CultureInfo.InvariantCulture));
    }
}
