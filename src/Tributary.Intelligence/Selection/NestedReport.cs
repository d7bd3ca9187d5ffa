using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tributary.Intelligence.Selection;

/// <summary>A nested cross-validation as text for people and JSON for machines: data, split, seeds and every fold, so that it can be run again.</summary>
public static class NestedReport
{
    private static readonly JsonWriterOptions JsonOptions = new() { Indented = true };

    /// <summary>The report as text.</summary>
    public static string ToText(NestedResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Table}: {result.Rows:N0} rows, {result.Repetitions} × {result.Folds.Length / result.Repetitions} outer folds");
        text.AppendLine(CultureInfo.InvariantCulture, $"ROC AUC            {result.MeanRocAuc:F4} ± {result.StandardError:F4} (another sample) ± {result.RepetitionError:F4} (other folds)");
        text.AppendLine(CultureInfo.InvariantCulture, $"average precision  {result.Folds.Average(fold => fold.AveragePrecision):F4}");
        text.AppendLine(CultureInfo.InvariantCulture, $"log loss           {result.Folds.Average(fold => fold.LogLoss):F4}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Brier score        {result.Folds.Average(fold => fold.BrierScore):F4}");
        text.AppendLine($"chosen             {Counts(result.ChosenFamilies)}");
        text.AppendLine($"best single        {Counts(result.BestSingleFamilies)}");
        text.AppendLine($"plainest           {Counts(result.PlainestFamilies)}");
        return text.ToString();
    }

    /// <summary>The report as JSON.</summary>
    public static string ToJson(NestedResult result)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            json.WriteStartObject();
            json.WriteString("table", result.Table);
            json.WriteNumber("rows", result.Rows);
            json.WriteNumber("repetitions", result.Repetitions);
            json.WriteNumber("first_seed", NestedCrossValidation.FirstSeed);
            json.WriteNumber("roc_auc", result.MeanRocAuc);
            WriteFinite(json, "standard_error", result.StandardError);
            WriteFinite(json, "repetition_error", result.RepetitionError);
            WriteCounts(json, "chosen", result.ChosenFamilies);
            WriteCounts(json, "best_single", result.BestSingleFamilies);
            WriteCounts(json, "plainest", result.PlainestFamilies);
            json.WriteStartArray("folds");
            foreach (var fold in result.Folds)
            {
                json.WriteStartObject();
                json.WriteNumber("seed", NestedCrossValidation.FirstSeed + fold.Repetition);
                json.WriteNumber("fold", fold.Fold);
                json.WriteString("chosen", fold.Chosen);
                json.WriteNumber("roc_auc", fold.RocAuc);
                json.WriteNumber("average_precision", fold.AveragePrecision);
                json.WriteNumber("log_loss", fold.LogLoss);
                json.WriteNumber("brier_score", fold.BrierScore);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Counts(IEnumerable<KeyValuePair<ModelFamily, int>> counts) => string.Join(", ", counts.Select(pair => $"{pair.Key} {pair.Value}"));

    private static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<ModelFamily, int>> counts)
    {
        json.WriteStartObject(name);
        foreach (var (family, count) in counts)
            json.WriteNumber(family.ToString(), count);
        json.WriteEndObject();
    }

    private static void WriteFinite(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
